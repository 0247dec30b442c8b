<?php
/**
 * [acceptance name optional] I agree. [/acceptance]: the box of consent.
 */

add_action(
	'wpcf7_init',
	static fn () => wpcf7_add_form_tag( 'acceptance', 'wpcf7_acceptance_tag', array( 'name-attr' => true, 'selectable-values' => true ) )
);

function wpcf7_acceptance_text( $tag ) {
	return trim( $tag->content ?: $tag->values[0] ?? '' );
}

function wpcf7_acceptance_tag( $tag ) {
	$input = array(
		'type'         => 'checkbox',
		'name'         => $tag->name,
		'value'        => '1',
		'checked'      => $tag->has_option( 'default:on' ),
		'id'           => $tag->get_id_option() ?: null,
		'class'        => $tag->get_class_option() ?: null,
		'aria-invalid' => wpcf7_get_validation_error( $tag->name ) ? 'true' : 'false',
	);
	return wpcf7_control_wrap(
		$tag,
		sprintf(
			'<span class="%s"><span class="wpcf7-list-item"><label><input %s /><span class="wpcf7-list-item-label">%s</span></label></span></span>',
			esc_attr( wpcf7_form_controls_class( 'acceptance', $tag->has_option( 'optional' ) ? 'optional' : '' ) ),
			wpcf7_format_atts( $input ),
			wpcf7_acceptance_text( $tag )
		)
	);
}

add_filter(
	'wpcf7_acceptance',
	static function ( $accepted, $submission ) {
		foreach ( wpcf7_scan_form_tags( array( 'type' => 'acceptance' ) ) as $tag ) {
			$ticked = ! empty( $_POST[ $tag->name ] ); // phpcs:ignore WordPress.Security.NonceVerification.Missing
			if ( $ticked && '' !== wpcf7_acceptance_text( $tag ) ) {
				$submission->add_consent( $tag->name, wpcf7_acceptance_text( $tag ) );
			}
			if ( ! $tag->has_option( 'optional' ) && $tag->has_option( 'invert' ) === $ticked ) {
				$accepted = false;
			}
		}
		return $accepted;
	},
	10,
	2
);
