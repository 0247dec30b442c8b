<?php
/**
 * Sets the plugin up and removes it.
 *
 * @package Gateway_Connector
 */

declare( strict_types=1 );

namespace Gateway_Connector;

/**
 * Creates the table, on every site of a network and after every update, and removes everything again.
 */
final class Installation {

	private const VERSION_OPTION = 'gateway_connector_version';

	private const OPTIONS = array(
		Settings::KEY,
		Settings::CLOCK_OFFSET,
		Settings::PAUSE,
		Settings::HOLD,
		Settings::RETENTION,
		Settings::REMOVE_ALL,
		Settings::ANSWERS_DOI,
		First_Steps::DONE,
		Site_Address::OPTION,
		Site_Address::COPY,
		Spool_Schema::LOST,
		Signed_Fields::SECRET,
		Email_Notice::OPTION,
		Plugin_Form_Settings::OPTION,
		User_Sync_Settings::OPTION,
		Bulk_Sync::OPTION,
		Checkout_Settings::OPTION,
		self::VERSION_OPTION,
	);

	private Spool $spool;

	public function __construct( Spool $spool ) {
		$this->spool = $spool;
	}

	public function register(): void {
		add_action( 'init', array( $this, 'update' ), 5 );
	}

	/**
	 * Activation hooks do not run on updates or on later sites of a network. To compare an autoloaded option costs nothing.
	 */
	public function update(): void {
		$version = VERSION . '-' . Spool_Schema::VERSION;
		if ( get_option( self::VERSION_OPTION ) !== $version ) {
			$this->create_table();
			update_option( self::VERSION_OPTION, $version );
		}
	}

	/**
	 * Creates or updates the table.
	 */
	public function create_table(): void {
		$this->spool->schema()->create();
	}

	/**
	 * Ends what is scheduled.
	 */
	public static function clear_events(): void {
		Schedule::clear();
		Statistics::clear();
	}

	/**
	 * Leaves the current site. Removes the data only if its owner chose so; a network's key goes with the main site's data.
	 */
	public static function uninstall(): void {
		$settings = new Settings();
		self::clear_events();
		if ( $settings->removes_all() ) {
			if ( is_main_site() ) {
				$settings->forget_network_key();
			}
			self::remove();
		}
	}

	/**
	 * Removes everything from the current site, also submissions that were not delivered.
	 */
	public static function remove(): void {
		global $wpdb;
		self::clear_events();
		foreach ( self::OPTIONS as $option ) {
			delete_option( $option );
		}
		delete_transient( Lists::TRANSIENT );
		delete_transient( Lists::FAILED );
		foreach ( array( Visitor::TRANSIENT, Pending_Connection::TRANSIENT ) as $many ) {
			$names = $wpdb->esc_like( '_transient_' ) . '%' . $wpdb->esc_like( $many ) . '%';
			$wpdb->query( $wpdb->prepare( 'DELETE FROM %i WHERE option_name LIKE %s', $wpdb->options, $names ) );
		}
		delete_transient( Statistics::TRANSIENT );
		delete_transient( Sender_Domains::TRANSIENT );
		delete_post_meta_by_key( '_' . Form_Settings::PROPERTY );
		User_Synced::remove_all();
		User_Consent::remove_all();
		Checkout_Box::remove_all();
		( new Spool( $wpdb ) )->reserve()->destroy();
		delete_transient( Wake_Route::LAST );
		$wpdb->query( $wpdb->prepare( 'DROP TABLE IF EXISTS %i', ( new Spool( $wpdb ) )->table() ) );
	}
}
