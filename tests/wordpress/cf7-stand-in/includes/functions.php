<?php
/**
 * The functions by which plugins reach the classes.
 */

function wpcf7_add_form_tag( $tag_types, $callback, $features = '' ) {
	WPCF7_FormTagsManager::get_instance()->add( $tag_types, $callback, $features );
}

function wpcf7_remove_form_tag( $tag_type ) {
	WPCF7_FormTagsManager::get_instance()->remove( $tag_type );
}

function wpcf7_form_tag_supports( $tag_type, $feature ) {
	return WPCF7_FormTagsManager::get_instance()->tag_type_supports( $tag_type, $feature );
}

function wpcf7_scan_form_tags( $cond = null ) {
	$contact_form = WPCF7_ContactForm::get_current();
	return $contact_form ? $contact_form->scan_form_tags( $cond ) : array();
}

function wpcf7_contact_form( $post ) {
	return WPCF7_ContactForm::get_instance( $post );
}

function wpcf7_get_current_contact_form() {
	return WPCF7_ContactForm::get_current();
}

function wpcf7_is_name( $value ) {
	return is_string( $value ) && 1 === preg_match( '/^[A-Za-z][-A-Za-z0-9_:.]*$/', $value );
}

function wpcf7_get_message( $status ) {
	$contact_form = WPCF7_ContactForm::get_current();
	return $contact_form ? $contact_form->message( $status ) : '';
}

function wpcf7_messages() {
	$messages = array(
		'mail_sent_ok'     => 'Thank you for your message. It has been sent.',
		'mail_sent_ng'     => 'There was an error trying to send your message. Please try again later.',
		'validation_error' => 'One or more fields have an error. Please check and try again.',
		'spam'             => 'There was an error trying to send your message. Please try again later.',
		'accept_terms'     => 'You must accept the terms and conditions before sending your message.',
		'invalid_required' => 'Please fill out this field.',
		'invalid_email'    => 'Please enter an email address.',
		'upload_failed'    => 'There was an unknown error uploading the file.',
	);
	return apply_filters( 'wpcf7_messages', array_map( static fn ( $text ) => array( 'default' => $text ), $messages ) );
}

function wpcf7_is_email( $text ) {
	return apply_filters( 'wpcf7_is_email', is_email( $text ), $text );
}

function wpcf7_sanitize_unit_tag( $tag ) {
	return is_string( $tag ) && preg_match( '/^wpcf7-f\d+(-p\d+)?-o\d+$/', $tag ) ? $tag : '';
}

function wpcf7_format_atts( $atts ) {
	$pairs = array();
	foreach ( $atts as $name => $value ) {
		if ( true === $value ) {
			$pairs[] = sprintf( '%1$s="%1$s"', $name );
		} elseif ( null !== $value && false !== $value ) {
			$pairs[] = sprintf( '%s="%s"', $name, esc_attr( $value ) );
		}
	}
	return implode( ' ', $pairs );
}

function wpcf7_form_controls_class( $type, $default_classes = '' ) {
	$classes = array( 'wpcf7-form-control', 'wpcf7-' . rtrim( $type, '*' ) );
	if ( str_ends_with( $type, '*' ) ) {
		$classes[] = 'wpcf7-validates-as-required';
	}
	$more = is_array( $default_classes ) ? $default_classes : explode( ' ', $default_classes );
	return implode( ' ', array_filter( array_unique( array_merge( $classes, $more ) ) ) );
}

function wpcf7_get_validation_error( $name ) {
	$contact_form = WPCF7_ContactForm::get_current();
	return $contact_form ? $contact_form->validation_error( $name ) : '';
}

function wpcf7_get_validation_error_reference( $name, $unit_tag = '' ) {
	$contact_form = WPCF7_ContactForm::get_current();
	if ( '' === $unit_tag && $contact_form && $contact_form->validation_error( $name ) ) {
		$unit_tag = $contact_form->unit_tag();
	}
	return $unit_tag ? "{$unit_tag}-ve-{$name}" : null;
}

/**
 * What the visitor typed, when the page comes back without JavaScript and without success.
 */
function wpcf7_get_hangover( $name, $default_value = null ) {
	$contact_form = WPCF7_ContactForm::get_current();
	$submission   = WPCF7_Submission::get_instance();
	if ( ! $contact_form || ! $contact_form->is_posted() || $submission->is( 'mail_sent' ) ) {
		return $default_value;
	}
	return wp_unslash( $_POST[ $name ] ?? $default_value ); // phpcs:ignore WordPress.Security
}

/**
 * Saves what a request brings. It serves the editor and REST alike: fields that the request lacks are null, and the panels of other
 * plugins get the hook in either case.
 */
function wpcf7_save_contact_form( $data = '', $context = 'save' ) {
	$known = array( 'form', 'mail', 'mail_2', 'messages', 'additional_settings' );
	$data  = wp_parse_args( $data, array_fill_keys( array_merge( array( 'id', 'title', 'locale' ), $known ), null ) );
	$id    = (int) ( $data['id'] ?? -1 );

	$contact_form = -1 === $id ? WPCF7_ContactForm::get_template() : wpcf7_contact_form( $id );
	if ( ! $contact_form ) {
		return false;
	}
	if ( null !== $data['title'] ) {
		$contact_form->set_title( $data['title'] );
	}
	if ( null !== $data['locale'] ) {
		$contact_form->set_locale( $data['locale'] );
	}
	$given = array_filter( array_intersect_key( $data, array_flip( $known ) ), static fn ( $value ) => null !== $value );
	$contact_form->set_properties( array_map( static fn ( $value ) => is_string( $value ) ? trim( $value ) : $value, $given ) );

	do_action( 'wpcf7_save_contact_form', $contact_form, $data, $context );
	if ( 'save' === $context ) {
		$contact_form->save();
	}
	return $contact_form;
}
