<?php
/**
 * Plugin Name:       Gateway Connector
 * Description:       Hands what visitors send through Contact Form 7 to your Gateway, which asks them to confirm before they join a mailing list.
 * Version:           0.1.0
 * Requires at least: 6.7
 * Requires PHP:      7.4
 * License:           MIT
 * Text Domain:       gateway-connector
 *
 * @package Gateway_Connector
 */

declare( strict_types=1 );

namespace Gateway_Connector;

defined( 'ABSPATH' ) || exit;

const VERSION     = '0.1.0';
const PLUGIN_FILE = __FILE__;

spl_autoload_register(
	static function ( string $class_name ): void {
		if ( 0 === strpos( $class_name, __NAMESPACE__ . '\\' ) ) {
			$name = substr( $class_name, strlen( __NAMESPACE__ ) + 1 );
			$file = __DIR__ . '/includes/class-' . strtolower( str_replace( '_', '-', $name ) ) . '.php';
			if ( is_file( $file ) ) {
				require $file;
			}
		}
	}
);

add_action(
	'plugins_loaded',
	static function (): void {
		global $wpdb;

		$settings = new Settings();
		$spool    = new Spool( $wpdb );
		$client   = new Gateway_Client( $settings );
		$sender   = new Sender( $settings, $spool, $client );

		( new Installation( $spool ) )->register();
		( new Schedule( array( $sender, 'run' ) ) )->register();
		( new Newsletter_Tag() )->register();
		( new Form_Listener( $spool ) )->register();

		if ( is_admin() ) {
			$lists   = new Lists( $client );
			$notices = new Notices( $settings );
			$notices->register();
			( new Settings_Page( $settings, $lists, $notices ) )->register();
			( new Spool_Page( $settings, $spool, $notices ) )->register();
			( new Form_Panel( $settings, $lists ) )->register();
		}
	}
);

register_deactivation_hook( __FILE__, array( Schedule::class, 'clear' ) );
