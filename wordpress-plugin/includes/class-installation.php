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

	/**
	 * Counts the changes of the table.
	 */
	private const TABLE = 2;

	private const OPTIONS = array(
		Settings::KEY,
		Settings::CLOCK_OFFSET,
		Settings::PAUSE,
		Settings::HOLD,
		Settings::RETENTION,
		Settings::REMOVE_ALL,
		Settings::ANSWERS_DOI,
		Signed_Fields::SECRET,
		Email_Notice::OPTION,
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
		$version = VERSION . '-' . self::TABLE;
		if ( get_option( self::VERSION_OPTION ) !== $version ) {
			$this->create_table();
			update_option( self::VERSION_OPTION, $version );
		}
	}

	/**
	 * Creates or updates the table.
	 */
	public function create_table(): void {
		global $wpdb;
		require_once ABSPATH . 'wp-admin/includes/upgrade.php';
		dbDelta(
			"CREATE TABLE {$this->spool->table()} (
			id bigint(20) unsigned NOT NULL AUTO_INCREMENT,
			submission_key char(36) NOT NULL,
			form_id bigint(20) unsigned NOT NULL,
			user_id bigint(20) unsigned NOT NULL DEFAULT 0,
			payload longtext NOT NULL,
			state varchar(10) NOT NULL,
			due_at datetime NOT NULL,
			attempts int(10) unsigned NOT NULL DEFAULT 0,
			claim char(36) NOT NULL DEFAULT '',
			gateway_id varchar(64) NOT NULL DEFAULT '',
			last_error varchar(255) NOT NULL DEFAULT '',
			created_at datetime NOT NULL,
			delivered_at datetime DEFAULT NULL,
			PRIMARY KEY  (id),
			UNIQUE KEY submission_key (submission_key),
			KEY due (state,due_at),
			KEY age (state,id),
			KEY user (user_id,state),
			KEY claim (claim)
			) {$wpdb->get_charset_collate()};"
		);
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
		$counts = $wpdb->esc_like( '_transient_' ) . '%' . $wpdb->esc_like( Visitor::TRANSIENT ) . '%';
		$wpdb->query( $wpdb->prepare( 'DELETE FROM %i WHERE option_name LIKE %s', $wpdb->options, $counts ) );
		delete_transient( Statistics::TRANSIENT );
		delete_post_meta_by_key( '_' . Form_Settings::PROPERTY );
		User_Synced::remove_all();
		User_Consent::remove_all();
		Checkout_Box::remove_all();
		$wpdb->query( $wpdb->prepare( 'DROP TABLE IF EXISTS %i', ( new Spool( $wpdb ) )->table() ) );
	}
}
