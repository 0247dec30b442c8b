<?php
/**
 * A network of sites of its own, of which each stage is a process: network.php FOLDER create|connect|uninstall
 *
 * It lies in an SQLite file in the folder, or beside the tables of the site of WP_DIR when that one lies in MariaDB.
 *
 * "create" makes the network. "connect" adds a second site and prints which connection each site uses as keys come and go.
 * "uninstall" adds a second site, uses the plugin on both, deletes it, and prints what is left of each site.
 *
 * @package Gateway_Connector
 */

declare( strict_types=1 );

list( , $folder, $stage ) = $argv;

define( 'ABSPATH', realpath( (string) getenv( 'WP_DIR' ) ) . '/' );
$mariadb = ABSPATH . 'wp-content/test-database'; // See the wp-config.php of test sites.
if ( is_file( $mariadb ) ) {
	list( $socket, $database ) = file( $mariadb, FILE_IGNORE_NEW_LINES );
	$connection                = array( 'DB_NAME' => $database, 'DB_USER' => 'root', 'DB_HOST' => 'localhost:' . $socket );
} else {
	$connection = array(
		'DB_ENGINE' => 'sqlite',
		'DB_DIR' => $folder . '/',
		'DB_FILE' => 'network.sqlite',
		'DB_NAME' => 'wordpress',
		'DB_USER' => '',
		'DB_HOST' => '',
	);
}
foreach ( $connection + array( 'DB_PASSWORD' => '', 'DB_CHARSET' => 'utf8mb4', 'DB_COLLATE' => '' ) as $name => $value ) {
	define( $name, $value );
}
define( 'WP_HTTP_BLOCK_EXTERNAL', true );
define( 'DISABLE_WP_CRON', true );
define( 'WP_ALLOW_MULTISITE', true );
if ( 'connect' === $stage ) {
	define( 'WP_ADMIN', true );
}
if ( 'create' === $stage ) {
	define( 'WP_INSTALLING', true );
} else {
	define( 'MULTISITE', true );
	define( 'SUBDOMAIN_INSTALL', false );
	define( 'DOMAIN_CURRENT_SITE', 'example.org' );
	define( 'PATH_CURRENT_SITE', '/' );
	define( 'SITE_ID_CURRENT_SITE', 1 );
	define( 'BLOG_ID_CURRENT_SITE', 1 );
}
$table_prefix               = preg_replace( '/\W/', '', basename( $folder ) ) . '_';
$_SERVER['HTTP_HOST']       = 'example.org';
$_SERVER['REMOTE_ADDR']     = '203.0.113.7';
$_SERVER['REQUEST_URI']     = '/';
$_SERVER['SERVER_PROTOCOL'] = 'HTTP/1.1';

require ABSPATH . 'wp-settings.php';
require_once ABSPATH . 'wp-admin/includes/admin.php';
require_once ABSPATH . 'wp-admin/includes/upgrade.php';

if ( 'create' === $stage ) {
	add_filter( 'pre_wp_mail', '__return_true' );
	wp_install( 'Network', 'admin', 'admin@example.org', true, '', 'admin' );
	foreach ( $wpdb->tables( 'ms_global' ) as $table => $prefixed ) {
		$wpdb->$table = $prefixed;
	}
	install_network();
	populate_network( 1, 'example.org', 'admin@example.org', 'Network', '/', false );
	exit;
}

require dirname( __DIR__ ) . '/gateway-connector.php';
$second = wp_insert_site( array( 'domain' => 'example.org', 'path' => '/second/', 'title' => 'Second', 'user_id' => 1 ) );
if ( 'connect' === $stage ) {
	require __DIR__ . '/network-connect.php';
	exit;
}

$spool = new Gateway_Connector\Spool( $wpdb );
$schedule = new Gateway_Connector\Schedule( '__return_true' );
$schedule->register();
$sites = array( 1 => false, $second => true );
foreach ( $sites as $site => $remove_all ) {
	switch_to_blog( $site );
	( new Gateway_Connector\Installation( $spool ) )->update();
	$spool->add( 4, array() );
	$schedule->ensure();
	( new Gateway_Connector\Settings() )->save_data_rules( 30, $remove_all );
	restore_current_blog();
}

define( 'WP_UNINSTALL_PLUGIN', 'gateway-connector' );
( static function (): void {
	require dirname( __DIR__ ) . '/uninstall.php';
} )();

$left = array();
foreach ( array_keys( $sites ) as $site ) {
	switch_to_blog( $site );
	$left[ $site ] = array(
		'table'   => (bool) $wpdb->get_var( $wpdb->prepare( 'SHOW TABLES LIKE %s', $spool->table() ) ),
		'options' => (int) $wpdb->get_var( "SELECT COUNT(*) FROM {$wpdb->options} WHERE option_name LIKE 'gateway_connector%'" ),
		'event'   => (bool) wp_next_scheduled( Gateway_Connector\Schedule::EVERY_MINUTE ),
	);
	restore_current_blog();
}
echo wp_json_encode( $left ), "\n";
