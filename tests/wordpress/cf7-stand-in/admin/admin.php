<?php
/**
 * The admin menu, the list of forms and saving.
 */

add_action( 'admin_init', static fn () => do_action( 'wpcf7_admin_init' ) );

add_action(
	'admin_menu',
	static function () {
		do_action( 'wpcf7_admin_menu' );
		add_menu_page( 'Contact Form 7', 'Contact', 'wpcf7_read_contact_forms', 'wpcf7', 'wpcf7_admin_management_page', 'dashicons-email', 30 );
		$list = add_submenu_page( 'wpcf7', 'Edit Contact Form', 'Contact Forms', 'wpcf7_read_contact_forms', 'wpcf7', 'wpcf7_admin_management_page' );
		$new  = add_submenu_page( 'wpcf7', 'Add Contact Form', 'Add Contact Form', 'wpcf7_edit_contact_forms', 'wpcf7-new', 'wpcf7_admin_add_new_page' );
		add_action( "load-{$list}", 'wpcf7_load_contact_form_admin' );
		add_action( "load-{$new}", 'wpcf7_load_contact_form_admin' );
		if ( WPCF7_Integration::get_instance()->service_exists() ) {
			$page = add_submenu_page( 'wpcf7', 'Integration with External API', 'Integration', 'wpcf7_manage_integration', 'wpcf7-integration', 'wpcf7_admin_integration_page' );
			add_action( "load-{$page}", 'wpcf7_load_integration_page' );
		}
	},
	9
);

add_action(
	'admin_enqueue_scripts',
	static function ( $hook_suffix ) {
		if ( str_contains( $hook_suffix, 'wpcf7' ) ) {
			wp_enqueue_script( 'wpcf7-admin', plugins_url( 'js/admin.js', WPCF7_PLUGIN ), array(), WPCF7_VERSION, array( 'in_footer' => true ) );
		}
	}
);

// phpcs:disable WordPress.Security.NonceVerification, WordPress.Security.ValidatedSanitizedInput -- saving checks its nonce, reading needs none.
function wpcf7_load_contact_form_admin() {
	$action = $_REQUEST['action'] ?? '';
	do_action( 'wpcf7_admin_load', $_GET['page'] ?? '', $action );
	if ( 'save' !== $action ) {
		if ( isset( $_GET['post'] ) ) {
			wpcf7_contact_form( absint( $_GET['post'] ) );
		}
		return;
	}

	$id = (int) ( $_POST['post_ID'] ?? -1 );
	check_admin_referer( "wpcf7-save-contact-form_{$id}" );
	if ( ! current_user_can( 'wpcf7_edit_contact_form', $id ) ) {
		wp_die( 'You are not allowed to edit this item.' );
	}
	$posted = wp_unslash( $_POST );
	$form   = wpcf7_save_contact_form(
		array_merge(
			wp_unslash( $_REQUEST ),
			array(
				'id'                  => $id,
				'title'               => $posted['post_title'] ?? null,
				'locale'              => $posted['wpcf7-locale'] ?? null,
				'form'                => $posted['wpcf7-form'] ?? '',
				'additional_settings' => $posted['wpcf7-additional-settings'] ?? '',
			)
		)
	);
	$query  = array(
		'post'       => $form ? $form->id() : 0,
		'active-tab' => sanitize_key( $posted['active-tab'] ?? '' ),
		'message'    => $form ? 'saved' : 'failed',
	);
	wp_safe_redirect( add_query_arg( $query, menu_page_url( 'wpcf7', false ) ) );
	exit;
}

function wpcf7_load_integration_page() {
	$service = WPCF7_Integration::get_instance()->get_service( $_REQUEST['service'] ?? '' );
	if ( $service ) {
		$service->load( $_REQUEST['action'] ?? '' );
	}
}
// phpcs:enable

add_action(
	'wpcf7_admin_notices',
	static function () {
		if ( 'saved' === ( $_GET['message'] ?? '' ) ) { // phpcs:ignore WordPress.Security.NonceVerification.Recommended
			wp_admin_notice( 'Contact form saved.', array( 'type' => 'success' ) );
		}
	}
);

function wpcf7_admin_management_page() {
	$form = wpcf7_get_current_contact_form();
	if ( $form ) {
		wpcf7_admin_editor( $form );
		return;
	}
	echo '<div class="wrap"><h1>Contact Forms</h1><ul>';
	foreach ( WPCF7_ContactForm::find() as $form ) {
		$url = add_query_arg( 'post', $form->id(), menu_page_url( 'wpcf7', false ) );
		printf( '<li><a href="%s">%s</a> <code>%s</code></li>', esc_url( $url ), esc_html( $form->title() ), esc_html( $form->shortcode() ) );
	}
	echo '</ul></div>';
}

function wpcf7_admin_add_new_page() {
	wpcf7_admin_editor( WPCF7_ContactForm::get_template() );
}

function wpcf7_admin_integration_page() {
	echo '<div class="wrap" id="wpcf7-integration"><h1>Integration with External API</h1>';
	WPCF7_Integration::get_instance()->list_services();
	echo '</div>';
}
