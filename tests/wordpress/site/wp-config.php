<?php
/**
 * Settings of a site made for tests.
 */

// The server writes its address here, so that one site can be served on any port.
$site_url = trim( (string) file_get_contents( __DIR__ . '/wp-content/test-site-url' ) );

define( 'WP_HOME', $site_url );
define( 'WP_SITEURL', $site_url );

// A site that was made a network has an empty file for it.
if ( is_file( __DIR__ . '/wp-content/test-network' ) ) {
	define( 'MULTISITE', true );
	define( 'SUBDOMAIN_INSTALL', false );
	define( 'DOMAIN_CURRENT_SITE', substr( $site_url, strlen( 'http://' ) ) );
	define( 'PATH_CURRENT_SITE', '/' );
	define( 'SITE_ID_CURRENT_SITE', 1 );
	define( 'BLOG_ID_CURRENT_SITE', 1 );
}

// A site in MariaDB has a file with the server's socket and the name of its database.
$database_file = __DIR__ . '/wp-content/test-database';
$database      = is_file( $database_file ) ? file( $database_file, FILE_IGNORE_NEW_LINES ) : array();
if ( $database ) {
	define( 'DB_NAME', $database[1] );
	define( 'DB_USER', 'root' );
	define( 'DB_HOST', 'localhost:' . $database[0] );
} else {
	define( 'DB_ENGINE', 'sqlite' );
	define( 'DB_DIR', __DIR__ . '/wp-content/database/' );
	define( 'DB_FILE', 'wordpress.sqlite' );
	define( 'DB_NAME', 'wordpress' );
	define( 'DB_USER', '' );
	define( 'DB_HOST', '' );
}
define( 'DB_PASSWORD', '' );
define( 'DB_CHARSET', 'utf8mb4' );
define( 'DB_COLLATE', '' );
$table_prefix = 'wp_';

define( 'WP_DEFAULT_THEME', 'twentytwentyfive' );
// Tests say when scheduled events run, unless the site has an empty file for it.
define( 'DISABLE_WP_CRON', ! is_file( __DIR__ . '/wp-content/test-cron' ) );
define( 'AUTOMATIC_UPDATER_DISABLED', true );

// A test must not depend on the internet, and must not wait for it.
define( 'WP_HTTP_BLOCK_EXTERNAL', true );
define( 'WP_ACCESSIBLE_HOSTS', '127.0.0.1,localhost,gateway.invalid' ); // The last has no address anywhere.

define( 'WP_DEBUG', true );
define( 'WP_DEBUG_DISPLAY', false );
define( 'WP_DEBUG_LOG', __DIR__ . '/wp-content/debug.log' );

if ( ! defined( 'ABSPATH' ) ) {
	define( 'ABSPATH', __DIR__ . '/' );
}
require_once ABSPATH . 'wp-settings.php';
