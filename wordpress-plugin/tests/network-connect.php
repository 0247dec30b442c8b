<?php
/**
 * The stage "connect" of network.php: prints which connection each site of a network uses as keys come and go.
 *
 * @package Gateway_Connector
 */

declare( strict_types=1 );

namespace Gateway_Connector\Tests;

use Gateway_Connector\Connection;
use Gateway_Connector\Gateway_Client;
use Gateway_Connector\Network_Page;
use Gateway_Connector\Notices;
use Gateway_Connector\Settings;
use RuntimeException;

require __DIR__ . '/class-fake-gateway.php';

$gateway = new Fake_Gateway();
$gateway->start();
$settings = new Settings();
$notices  = new Notices( $settings );
$pages    = '';
$end      = static function ( string $how ): callable {
	return static function () use ( $how ): void {
		throw new RuntimeException( $how );
	};
};
add_filter( 'wp_die_handler', static fn() => $end( 'wp_die' ) );
add_filter( 'wp_redirect', $end( 'redirected' ) );

/**
 * The address each site is connected to.
 */
$connections = static function () use ( $settings ): array {
	$urls = array();
	foreach ( get_sites() as $site ) {
		switch_to_blog( (int) $site->blog_id );
		$connection = $settings->connection();
		$urls[ untrailingslashit(
			$site->domain . $site->path
		) . ( 1 === (int) $site->blog_id ? '' : '/' ) ] = $connection instanceof Connection
			? $connection->url
			: null;
		restore_current_blog();
	}
	return $urls;
};

/**
 * Does what a button of the network's page does. Returns the notice that follows, or how it ended.
 */
$act = static function ( string $method, string $action, string $key = '' ) use ( $settings, $notices, &$pages ): string {
	$_POST    = array( 'key' => $key );
	$_REQUEST = array( '_wpnonce' => wp_create_nonce( $action ) );
	$page     = new Network_Page( $settings, new Gateway_Client( $settings ), $notices );
	try {
		$page->$method();
	} catch ( RuntimeException $how ) {
		if ( 'redirected' !== $how->getMessage() ) {
			return $how->getMessage();
		}
	}
	ob_start();
	$page->print();
	$notices->print_outcome();
	$printed = (string) ob_get_clean();
	$pages  .= $printed;
	return preg_match( '~role="[a-z]+"><p>(.*?\.)~', $printed, $found ) ? $found[1] : '';
};

wp_set_current_user( 1 );
$said = array( 'a network without a key' => $connections() );

$gateway->then_lists();
$act( 'connect', 'gateway_connector_network', Fake_Gateway::key( 'https://network.example' ) );
$said['the network has one'] = $connections();

switch_to_blog( $second );
$settings->save_key( Fake_Gateway::key( 'https://own.example' ) );
restore_current_blog();
$said['the second site has its own'] = $connections();

switch_to_blog( $second );
$settings->forget_key();
restore_current_blog();
$said['the second site gave it back'] = $connections();

$gateway->then( 401 );
$said['a key that does not work'] = $act( 'connect', 'gateway_connector_network', Fake_Gateway::key( 'https://other.example' ) );
$act( 'forget', 'gateway_connector_network_forget' );
$said['the network is disconnected'] = $connections();

wp_set_current_user( 0 );
$said['who does not manage the network'] = $act( 'connect', 'gateway_connector_network', Fake_Gateway::key() );
$said['the key on the pages']            = substr_count( $pages, substr( Fake_Gateway::key(), 4, 20 ) ) + substr_count( $pages, 'MfKQ9r8' );

wp_set_current_user( 1 );
define( 'GATEWAY_CONNECTOR_KEY', Fake_Gateway::key( 'https://constant.example' ) );
$said['a constant wins'] = $connections();
echo wp_json_encode( $said, JSON_UNESCAPED_SLASHES ), "\n";
