<?php
/**
 * Plugin Name: Test site
 * Description: Leaves out what a site made for tests needs not have.
 */

// Answers for the site's own mail: sent, unless the option test_mail_fails is set. Nothing leaves the machine.
add_filter( 'pre_wp_mail', static fn () => ! get_option( 'test_mail_fails' ) );

// The command palette loads the block editor, some sixty scripts, on every admin page.
remove_action( 'admin_enqueue_scripts', 'wp_enqueue_command_palette_assets' );

// Tests say when submissions are sent, unless the site has an empty file for it.
add_filter( 'gateway_connector_wake', static fn ( $wakes ) => $wakes && is_file( WP_CONTENT_DIR . '/test-wake' ) );

// A page in French, as the plugins for sites in several languages make them.
add_filter(
	'locale',
	static fn ( $locale ) => str_starts_with( (string) ( $_SERVER['REQUEST_URI'] ?? '' ), '/lettre/' ) ? 'fr_FR' : $locale
);
