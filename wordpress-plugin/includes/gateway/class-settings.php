<?php
/**
 * What the plugin keeps between requests.
 *
 * @package Gateway_Connector
 */

declare( strict_types=1 );

namespace Gateway_Connector;

use WP_Error;

/**
 * The connection key, the difference between the clocks, whether sending is paused, and what happens to the data.
 *
 * The key in wp-config.php wins, then the site's own, then the one a network keeps for all its sites.
 */
final class Settings {

	public const KEY          = 'gateway_connector_key'; // Of the site; the network's has the same name among its own options.
	public const CLOCK_OFFSET = 'gateway_connector_clock_offset';
	public const PAUSE        = 'gateway_connector_pause';
	public const HOLD         = 'gateway_connector_hold';
	public const RETENTION    = 'gateway_connector_retention';
	public const REMOVE_ALL   = 'gateway_connector_remove_all';
	public const ANSWERS_DOI  = 'gateway_connector_answers_doi';

	public const DEFAULT_RETENTION = 30; // Days.

	/**
	 * Where the key in use is kept: constant, site, network, or empty when there is none.
	 */
	public function key_source(): string {
		if ( defined( 'GATEWAY_CONNECTION_KEY' ) && '' !== constant( 'GATEWAY_CONNECTION_KEY' ) ) {
			return 'constant';
		}
		if ( '' !== (string) get_option( self::KEY, '' ) ) {
			return 'site';
		}
		return '' !== $this->network_key() ? 'network' : '';
	}

	/**
	 * Whether the key is in wp-config.php, which overrides the database.
	 */
	public function key_is_constant(): bool {
		return 'constant' === $this->key_source();
	}

	/**
	 * The connection in use.
	 *
	 * @return Connection|WP_Error|null Null before anybody has connected.
	 */
	public function connection() {
		switch ( $this->key_source() ) {
			case 'constant':
				return Connection::from_key( (string) constant( 'GATEWAY_CONNECTION_KEY' ) );
			case 'site':
				return Connection::from_key( (string) get_option( self::KEY ) );
			default:
				return $this->network_connection();
		}
	}

	/**
	 * The connection that a network keeps for its sites.
	 *
	 * @return Connection|WP_Error|null Null where there is none.
	 */
	public function network_connection() {
		$key = $this->network_key();
		return '' === $key ? null : Connection::from_key( $key );
	}

	/**
	 * Keeps a key that has been checked.
	 */
	public function save_key( string $key ): void {
		update_option( self::KEY, $key, false );
		Site_Address::bind();
	}

	/**
	 * Deletes the site's own key, and any pause. The spool stays.
	 */
	public function forget_key(): void {
		delete_option( self::KEY );
		delete_option( self::CLOCK_OFFSET );
		Site_Address::forget();
		$this->resume();
	}

	public function save_network_key( string $key ): void {
		update_site_option( self::KEY, $key );
	}

	public function forget_network_key(): void {
		delete_site_option( self::KEY );
	}

	/**
	 * Outside a network WordPress reads site options from the site's own, which would be the site's key again.
	 */
	private function network_key(): string {
		return is_multisite() ? (string) get_site_option( self::KEY, '' ) : '';
	}

	/**
	 * Seconds to add to this server's clock to get the gateway's.
	 */
	public function clock_offset(): int {
		return (int) get_option( self::CLOCK_OFFSET, 0 );
	}

	public function set_clock_offset( int $seconds ): void {
		update_option( self::CLOCK_OFFSET, $seconds, false );
	}

	/**
	 * Why sending is paused; empty when it is not.
	 */
	public function pause_reason(): string {
		return (string) get_option( self::PAUSE, '' );
	}

	public function pause( string $reason ): void {
		update_option( self::PAUSE, $reason );
	}

	/**
	 * Ends a pause and a wait.
	 */
	public function resume(): void {
		delete_option( self::PAUSE );
		delete_option( self::HOLD );
	}

	/**
	 * Sends nothing to the gateway for a while.
	 */
	public function hold( int $seconds ): void {
		update_option( self::HOLD, time() + $seconds, false );
	}

	/**
	 * When the last wait ends or ended.
	 */
	public function held_until(): int {
		return (int) get_option( self::HOLD, 0 );
	}

	/**
	 * Whether the gateway may be asked at the moment.
	 */
	public function may_send(): bool {
		return '' === $this->pause_reason() && time() >= $this->held_until() && ! Site_Address::is_another();
	}

	/**
	 * Seconds that a delivered submission is kept.
	 */
	public function retention(): int {
		return max( 1, (int) get_option( self::RETENTION, self::DEFAULT_RETENTION ) ) * DAY_IN_SECONDS;
	}

	/**
	 * Whether uninstalling the plugin removes its data from this site.
	 */
	public function removes_all(): bool {
		return (bool) get_option( self::REMOVE_ALL, false );
	}

	public function save_data_rules( int $retention_days, bool $remove_all ): void {
		update_option( self::RETENTION, min( 3650, max( 1, $retention_days ) ), false );
		update_option( self::REMOVE_ALL, (int) $remove_all, false );
	}

	/**
	 * Whether the gateway does the double opt-in that modules of Contact Form 7 ask for.
	 */
	public function answers_doi(): bool {
		return (bool) get_option( self::ANSWERS_DOI, false );
	}

	public function answer_doi( bool $answers ): void {
		update_option( self::ANSWERS_DOI, (int) $answers );
	}
}
