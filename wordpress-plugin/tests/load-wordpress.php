<?php
/**
 * Loads the WordPress of WP_DIR with the plugin of this checkout, whether or not a copy is active there.
 *
 * @package Gateway_Connector
 */

declare( strict_types=1 );

// WordPress expects to be loaded in the global scope; PHPUnit loads this file inside a function.
global $wpdb, $wp, $wp_filter, $wp_rewrite, $wp_query, $wp_the_query, $wp_widget_factory, $wp_roles, $wp_locale;
global $shortcode_tags, $table_prefix;

$folder = (string) getenv( 'WP_DIR' );
if ( ! is_file( $folder . '/wp-load.php' ) ) {
	fwrite( STDERR, "WP_DIR must be the folder of a WordPress.\n" );
	exit( 2 );
}

define( 'WP_ADMIN', true ); // The editor's classes are loaded only there.
$_SERVER['HTTP_HOST']       = '127.0.0.1';
$_SERVER['SERVER_PROTOCOL'] = 'HTTP/1.1';
$_SERVER['REQUEST_URI']     = '/wp-json/contact-form-7/v1/contact-forms/1/feedback';

// WordPress takes over hooks that exist before it starts.
$wp_filter['option_active_plugins'][10]['without_copy'] = array(
	'accepted_args' => 1,
	'function'      => static fn( $plugins ) => array_diff( (array) $plugins, array( 'gateway-connector/gateway-connector.php' ) ),
);
$wp_filter['muplugins_loaded'][10]['load_plugin']       = array(
	'accepted_args' => 0,
	'function'      => static function (): void {
		// As if it were linked into the folder for plugins.
		$GLOBALS['wp_plugin_paths'][ WP_PLUGIN_DIR . '/gateway-connector' ] = dirname( __DIR__ );
		require dirname( __DIR__ ) . '/gateway-connector.php';
	},
);

require $folder . '/wp-load.php';
require_once ABSPATH . 'wp-admin/includes/admin.php';
define( 'REST_REQUEST', true ); // Forms are posted through REST.
if ( defined( 'WPCF7_VERSION' ) ) {
	do_action( 'wpcf7_admin_init' );
}
