<?php
/**
 * Plugin Name: Contact Form 7 (stand-in for tests)
 * Description: The part of Contact Form 7 6.1's contract that our plugin relies on, and nothing else. Only for test sites.
 * Version: 6.1.6
 * Requires PHP: 7.4
 *
 * Contact Form 7 comes in no package, so tests run on this. The test contract.test.js holds both to the same behaviour.
 */

defined( 'ABSPATH' ) || exit;

define( 'WPCF7_VERSION', '6.1.6' );
define( 'WPCF7_PLUGIN', __FILE__ );
define( 'WPCF7_PLUGIN_DIR', __DIR__ );

require_once __DIR__ . '/includes/functions.php';
require_once __DIR__ . '/includes/class-form-tag.php';
require_once __DIR__ . '/includes/class-form-tags-manager.php';
require_once __DIR__ . '/includes/class-contact-form.php';
require_once __DIR__ . '/includes/class-validation.php';
require_once __DIR__ . '/includes/class-pipes.php';
require_once __DIR__ . '/includes/class-submission.php';
require_once __DIR__ . '/includes/class-integration.php';
require_once __DIR__ . '/includes/form-html.php';
require_once __DIR__ . '/includes/form-tags.php';
require_once __DIR__ . '/includes/acceptance.php';
require_once __DIR__ . '/includes/doi.php';
require_once __DIR__ . '/includes/rest-api.php';
if ( is_admin() ) {
	require_once __DIR__ . '/admin/class-tag-generator.php';
	require_once __DIR__ . '/admin/editor.php';
	require_once __DIR__ . '/admin/admin.php';
}

add_action(
	'init',
	static function () {
		register_post_type(
			WPCF7_ContactForm::post_type,
			array(
				'labels'    => array( 'name' => 'Contact Forms' ),
				'public'    => false,
				'rewrite'   => false,
				'query_var' => false,
			)
		);
		do_action( 'wpcf7_init' );
	}
);

add_filter(
	'map_meta_cap',
	static function ( array $caps, string $cap ): array {
		$meta_caps = array(
			'wpcf7_edit_contact_form'    => 'publish_pages',
			'wpcf7_edit_contact_forms'   => 'publish_pages',
			'wpcf7_read_contact_form'    => 'edit_posts',
			'wpcf7_read_contact_forms'   => 'edit_posts',
			'wpcf7_delete_contact_form'  => 'publish_pages',
			'wpcf7_delete_contact_forms' => 'publish_pages',
			'wpcf7_manage_integration'   => 'manage_options',
			'wpcf7_submit'               => 'read',
		);
		return isset( $meta_caps[ $cap ] ) ? array( $meta_caps[ $cap ] ) : $caps;
	},
	10,
	2
);

// A visitor without JavaScript posts to the page itself.
add_action(
	'parse_request',
	static function () {
		// phpcs:ignore WordPress.Security.NonceVerification.Missing -- guests have no nonce, as in Contact Form 7.
		$contact_form = wpcf7_contact_form( absint( $_POST['_wpcf7'] ?? 0 ) );
		if ( $contact_form && ! wp_is_serving_rest_request() ) {
			$contact_form->submit();
		}
	},
	20
);

add_shortcode( 'contact-form-7', 'wpcf7_contact_form_tag_func' );

add_action(
	'wp_enqueue_scripts',
	static function () {
		wp_enqueue_script( 'contact-form-7', plugins_url( 'js/form.js', __FILE__ ), array(), WPCF7_VERSION, array( 'in_footer' => true ) );
		wp_localize_script( 'contact-form-7', 'wpcf7', array( 'api' => array( 'root' => rest_url(), 'namespace' => 'contact-form-7/v1' ) ) );
	}
);
