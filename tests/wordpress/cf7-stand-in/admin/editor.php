<?php
/**
 * The editor of one form: a panel per tab, one Save.
 */

function wpcf7_admin_editor( WPCF7_ContactForm $form ) {
	$id     = $form->initial() ? -1 : $form->id();
	$panels = apply_filters(
		'wpcf7_editor_panels',
		array(
			'form-panel'                => array( 'title' => 'Form', 'callback' => 'wpcf7_editor_panel_form' ),
			'additional-settings-panel' => array( 'title' => 'Additional Settings', 'callback' => 'wpcf7_editor_panel_additional_settings' ),
		)
	);
	$active = sanitize_key( $_GET['active-tab'] ?? '' ); // phpcs:ignore WordPress.Security.NonceVerification.Recommended
	$active = isset( $panels[ $active ] ) ? $active : array_key_first( $panels );

	printf( '<div class="wrap" id="wpcf7-contact-form-editor"><h1>%s</h1>', $form->initial() ? 'Add Contact Form' : 'Edit Contact Form' );
	do_action( 'wpcf7_admin_warnings', 'wpcf7', '', $form );
	do_action( 'wpcf7_admin_notices', 'wpcf7', '', $form );
	printf( '<form method="post" action="%s" id="wpcf7-admin-form-element">', esc_url( add_query_arg( 'post', $id, menu_page_url( 'wpcf7', false ) ) ) );
	wp_nonce_field( "wpcf7-save-contact-form_{$id}" );
	$hidden = array( 'post_ID' => $id, 'action' => 'save', 'wpcf7-locale' => $form->locale(), 'active-tab' => $active );
	foreach ( $hidden as $name => $value ) {
		printf( '<input type="hidden" name="%s" value="%s" />', esc_attr( $name ), esc_attr( $value ) );
	}
	printf( '<input type="text" name="post_title" id="title" class="large-text" aria-label="Title" value="%s" />', esc_attr( $form->title() ) );

	echo '<div id="contact-form-editor"><nav id="contact-form-editor-tabs" class="nav-tab-wrapper" role="tablist">';
	foreach ( $panels as $panel_id => $panel ) {
		printf(
			'<button type="button" role="tab" class="nav-tab" id="%1$s-tab" aria-controls="%1$s" aria-selected="%2$s">%3$s</button>',
			esc_attr( $panel_id ),
			$panel_id === $active ? 'true' : 'false',
			esc_html( $panel['title'] )
		);
	}
	echo '</nav>';
	foreach ( $panels as $panel_id => $panel ) {
		printf(
			'<section role="tabpanel" id="%1$s" aria-labelledby="%1$s-tab" class="contact-form-editor-panel" %2$s>',
			esc_attr( $panel_id ),
			$panel_id === $active ? '' : 'hidden'
		);
		call_user_func( $panel['callback'], $form );
		echo '</section>';
	}
	echo '</div><p class="submit"><input type="submit" class="button-primary" name="wpcf7-save" value="Save" /></p></form></div>';

	WPCF7_TagGenerator::get_instance()->print_panels( $form );
}

function wpcf7_editor_panel_form( WPCF7_ContactForm $form ) {
	echo '<h2>Form</h2>';
	WPCF7_TagGenerator::get_instance()->print_buttons();
	printf( '<textarea id="wpcf7-form" name="wpcf7-form" rows="12" class="large-text code">%s</textarea>', esc_textarea( $form->prop( 'form' ) ) );
}

function wpcf7_editor_panel_additional_settings( WPCF7_ContactForm $form ) {
	printf(
		'<h2>Additional Settings</h2><textarea id="wpcf7-additional-settings" name="wpcf7-additional-settings" rows="8" class="large-text">%s</textarea>',
		esc_textarea( $form->prop( 'additional_settings' ) )
	);
}
