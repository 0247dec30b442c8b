<?php
/**
 * A form on a page.
 */

function wpcf7_contact_form_tag_func( $atts ) {
	$atts = shortcode_atts( array( 'id' => '', 'title' => '', 'html_id' => '', 'html_name' => '', 'html_title' => '', 'html_class' => '' ), $atts, 'wpcf7' );

	$contact_form = null;
	if ( preg_match( '/^[0-9a-f]{7,}$/', $atts['id'] ) ) {
		$found        = WPCF7_ContactForm::find( array( 'meta_key' => '_hash', 'meta_value' => $atts['id'], 'meta_compare' => 'LIKE' ) ); // phpcs:ignore WordPress.DB.SlowDBQuery
		$contact_form = $found ? wpcf7_contact_form( $found[0] ) : null;
	}
	$contact_form ??= wpcf7_contact_form( absint( $atts['id'] ) );
	if ( ! $contact_form ) {
		return '<p class="wpcf7-contact-form-not-found"><strong>Error:</strong> Contact form not found.</p>';
	}

	$switched = switch_to_locale( $contact_form->locale() );
	$html     = $contact_form->form_html( $atts );
	if ( $switched ) {
		restore_previous_locale();
	}
	do_action( 'wpcf7_shortcode_callback', $contact_form, $atts );
	return $html;
}

function wpcf7_form_html( WPCF7_ContactForm $contact_form, array $options ) {
	$contact_form->start_unit();
	$unit_tag   = $contact_form->unit_tag();
	$submission = $contact_form->is_posted() ? WPCF7_Submission::get_instance() : null;
	$status     = $submission ? wpcf7_status_class( $submission->get_status() ) : 'init';
	$response   = $submission ? $submission->get_response() : '';

	$hidden = array(
		'_wpcf7'                  => $contact_form->id(),
		'_wpcf7_version'          => WPCF7_VERSION,
		'_wpcf7_locale'           => $contact_form->locale(),
		'_wpcf7_unit_tag'         => $unit_tag,
		'_wpcf7_container_post'   => in_the_loop() ? get_the_ID() : 0,
		'_wpcf7_posted_data_hash' => '',
	) + (array) apply_filters( 'wpcf7_form_hidden_fields', array() );

	$inputs = '';
	foreach ( $hidden as $name => $value ) {
		$inputs .= sprintf( '<input %s />', wpcf7_format_atts( array( 'type' => 'hidden', 'name' => $name, 'value' => (string) $value ) ) );
	}

	$elements = WPCF7_FormTagsManager::get_instance()->replace_all( wpautop( $contact_form->prop( 'form' ) ) );
	$atts     = array(
		'action'      => esc_url( apply_filters( 'wpcf7_form_action_url', '#' . $unit_tag ) ),
		'method'      => 'post',
		'class'       => apply_filters( 'wpcf7_form_class_attr', trim( "wpcf7-form {$status} " . ( $options['html_class'] ?? '' ) ) ),
		'id'          => ( $options['html_id'] ?? '' ) ?: null,
		'aria-label'  => ( $options['html_title'] ?? '' ) ?: 'Contact form',
		'enctype'     => apply_filters( 'wpcf7_form_enctype', '' ) ?: null,
		'novalidate'  => true,
		'data-status' => $status,
	) + (array) apply_filters( 'wpcf7_form_additional_atts', array() );

	return sprintf(
		'<div %1$s><div class="screen-reader-response"><p role="status" aria-live="polite">%5$s</p></div>'
			. '<form %2$s><fieldset class="hidden-fields-container" hidden>%3$s</fieldset>%4$s'
			. '<div class="wpcf7-response-output" aria-hidden="true">%5$s</div></form></div>',
		wpcf7_format_atts(
			array(
				'class'         => 'wpcf7',
				'id'            => $unit_tag,
				'lang'          => str_replace( '_', '-', $contact_form->locale() ),
				'data-wpcf7-id' => $contact_form->id(),
			)
		),
		wpcf7_format_atts( $atts ),
		$inputs,
		apply_filters( 'wpcf7_form_elements', $elements ),
		esc_html( $response )
	);
}

function wpcf7_status_class( $status ) {
	$classes = array(
		'init'               => 'init',
		'validation_failed'  => 'invalid',
		'acceptance_missing' => 'unaccepted',
		'spam'               => 'spam',
		'aborted'            => 'aborted',
		'mail_sent'          => 'sent',
		'mail_failed'        => 'failed',
	);
	return $classes[ $status ] ?? 'custom-' . preg_replace( '/[^0-9a-z]+/', '-', $status );
}
