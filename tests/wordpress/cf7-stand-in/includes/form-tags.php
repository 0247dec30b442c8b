<?php
/**
 * The field types of a common form.
 */

add_action(
	'wpcf7_init',
	static function () {
		$named = array( 'name-attr' => true );
		wpcf7_add_form_tag( array( 'text', 'text*', 'email', 'email*', 'tel', 'tel*', 'url', 'url*' ), 'wpcf7_text_tag', $named );
		wpcf7_add_form_tag( array( 'textarea', 'textarea*' ), 'wpcf7_textarea_tag', $named );
		wpcf7_add_form_tag( array( 'checkbox', 'checkbox*', 'radio' ), 'wpcf7_checkbox_tag', $named + array( 'selectable-values' => true ) );
		wpcf7_add_form_tag( array( 'select', 'select*' ), 'wpcf7_select_tag', $named + array( 'selectable-values' => true ) );
		wpcf7_add_form_tag( 'hidden', 'wpcf7_hidden_tag', $named + array( 'display-hidden' => true ) );
		wpcf7_add_form_tag( array( 'file', 'file*' ), 'wpcf7_file_tag', $named + array( 'file-uploading' => true ) );
		wpcf7_add_form_tag( 'submit', 'wpcf7_submit_tag' );
	}
);

add_filter(
	'wpcf7_form_enctype',
	static fn ( $enctype ) => wpcf7_scan_form_tags( array( 'feature' => 'file-uploading' ) ) ? 'multipart/form-data' : $enctype
);

foreach ( array( 'text', 'email', 'tel', 'url', 'textarea', 'checkbox', 'select' ) as $type ) {
	add_filter( "wpcf7_validate_{$type}", 'wpcf7_validate_field', 10, 2 );
	add_filter( "wpcf7_validate_{$type}*", 'wpcf7_validate_field', 10, 2 );
}

function wpcf7_validate_field( $result, $tag ) {
	// phpcs:ignore WordPress.Security -- only looked at, not kept.
	$value = wp_unslash( $_POST[ $tag->name ] ?? '' );
	$value = is_array( $value ) ? array_filter( $value, 'strlen' ) : trim( $value );
	if ( $tag->is_required() && ( '' === $value || array() === $value ) ) {
		$result->invalidate( $tag, wpcf7_get_message( 'invalid_required' ) );
	} elseif ( 'email' === $tag->basetype && '' !== $value && ! wpcf7_is_email( $value ) ) {
		$result->invalidate( $tag, wpcf7_get_message( 'invalid_email' ) );
	}
	return $result;
}

/** What every control has in common. */
function wpcf7_control_atts( $tag ) {
	$error = wpcf7_get_validation_error( $tag->name );
	return array(
		'name'             => $tag->name,
		'id'               => $tag->get_id_option() ?: null,
		'class'            => $tag->get_class_option( wpcf7_form_controls_class( $tag->type, $error ? 'wpcf7-not-valid' : '' ) ),
		'autocomplete'     => $tag->get_autocomplete_option() ?: null,
		'aria-required'    => $tag->is_required() ? 'true' : null,
		'aria-invalid'     => $error ? 'true' : 'false',
		'aria-describedby' => $error ? wpcf7_get_validation_error_reference( $tag->name ) : null,
	);
}

function wpcf7_control_wrap( $tag, $html ) {
	return sprintf(
		'<span class="wpcf7-form-control-wrap" data-name="%s">%s%s</span>',
		esc_attr( $tag->name ),
		$html,
		wpcf7_get_validation_error( $tag->name )
	);
}

function wpcf7_text_tag( $tag ) {
	$atts = wpcf7_control_atts( $tag ) + array(
		'type'  => $tag->basetype,
		'value' => wpcf7_get_hangover( $tag->name, $tag->values[0] ?? '' ),
	);
	return wpcf7_control_wrap( $tag, sprintf( '<input %s />', wpcf7_format_atts( $atts ) ) );
}

function wpcf7_textarea_tag( $tag ) {
	$value = wpcf7_get_hangover( $tag->name, $tag->content ?: $tag->values[0] ?? '' );
	return wpcf7_control_wrap( $tag, sprintf( '<textarea %s>%s</textarea>', wpcf7_format_atts( wpcf7_control_atts( $tag ) ), esc_textarea( $value ) ) );
}

function wpcf7_checkbox_tag( $tag ) {
	$atts  = wpcf7_control_atts( $tag );
	$items = '';
	foreach ( $tag->values as $index => $value ) {
		$input  = array(
			'type'  => $tag->basetype,
			'name'  => 'checkbox' === $tag->basetype ? $tag->name . '[]' : $tag->name,
			'value' => $value,
		);
		$items .= sprintf(
			'<span class="wpcf7-list-item"><label><input %s /><span class="wpcf7-list-item-label">%s</span></label></span>',
			wpcf7_format_atts( $input ),
			esc_html( $tag->labels[ $index ] )
		);
	}
	return wpcf7_control_wrap( $tag, sprintf( '<span class="%s">%s</span>', esc_attr( $atts['class'] ), $items ) );
}

function wpcf7_select_tag( $tag ) {
	$atts     = wpcf7_control_atts( $tag );
	$multiple = $tag->has_option( 'multiple' );
	$options  = '';
	foreach ( $tag->values as $index => $value ) {
		$options .= sprintf( '<option value="%s">%s</option>', esc_attr( $value ), esc_html( $tag->labels[ $index ] ) );
	}
	$atts = array( 'name' => $tag->name . ( $multiple ? '[]' : '' ), 'multiple' => $multiple ) + $atts;
	return wpcf7_control_wrap( $tag, sprintf( '<select %s>%s</select>', wpcf7_format_atts( $atts ), $options ) );
}

function wpcf7_hidden_tag( $tag ) {
	return sprintf( '<input %s />', wpcf7_format_atts( array( 'type' => 'hidden', 'name' => $tag->name, 'value' => $tag->values[0] ?? '' ) ) );
}

function wpcf7_file_tag( $tag ) {
	return wpcf7_control_wrap( $tag, sprintf( '<input %s />', wpcf7_format_atts( wpcf7_control_atts( $tag ) + array( 'type' => 'file' ) ) ) );
}

function wpcf7_submit_tag( $tag ) {
	$atts = array(
		'type'  => 'submit',
		'class' => $tag->get_class_option( wpcf7_form_controls_class( 'submit' ) ),
		'value' => $tag->values[0] ?? 'Send',
	);
	return sprintf( '<input %s />', wpcf7_format_atts( $atts ) );
}
