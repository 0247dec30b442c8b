<?php
/**
 * Sets the plugin up and removes it.
 *
 * @package Gateway_Connector
 */

declare( strict_types=1 );

namespace Gateway_Connector;

/**
 * Creates the table, on every site of a network and after every update, and leaves nothing behind at the end.
 */
final class Installation {

	private const VERSION_OPTION = 'gateway_connector_version';

	private Spool $spool;

	public function __construct( Spool $spool ) {
		$this->spool = $spool;
	}

	public function register(): void {
		add_action( 'init', array( $this, 'update' ), 5 );
	}

	/**
	 * Activation hooks run neither on updates nor on a network's later sites; comparing an autoloaded option costs nothing.
	 */
	public function update(): void {
		if ( VERSION !== get_option( self::VERSION_OPTION ) ) {
			$this->spool->install();
			update_option( self::VERSION_OPTION, VERSION );
		}
	}

	/**
	 * Removes everything from the current site, also submissions that were not delivered.
	 */
	public static function remove(): void {
		global $wpdb;
		Schedule::clear();
		foreach ( array( Settings::KEY, Settings::CLOCK_OFFSET, Settings::PAUSE, self::VERSION_OPTION ) as $option ) {
			delete_option( $option );
		}
		delete_transient( Settings::HOLD );
		delete_transient( Lists::TRANSIENT );
		delete_post_meta_by_key( '_' . Form_Settings::PROPERTY );
		$wpdb->query( $wpdb->prepare( 'DROP TABLE IF EXISTS %i', ( new Spool( $wpdb ) )->table() ) );
	}
}
