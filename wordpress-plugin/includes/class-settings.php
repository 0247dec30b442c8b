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
 * The connection key, the difference between the clocks, and whether sending is paused.
 */
final class Settings {

	public const KEY          = 'gateway_connector_key';
	public const CLOCK_OFFSET = 'gateway_connector_clock_offset';
	public const PAUSE        = 'gateway_connector_pause';
	public const HOLD         = 'gateway_connector_hold';

	/**
	 * Whether the key stands in wp-config.php, where it wins over the database.
	 */
	public function key_is_constant(): bool {
		return defined( 'GATEWAY_CONNECTION_KEY' );
	}

	/**
	 * The connection in use.
	 *
	 * @return Connection|WP_Error|null Null before anybody has connected.
	 */
	public function connection() {
		$key = (string) ( $this->key_is_constant() ? constant( 'GATEWAY_CONNECTION_KEY' ) : get_option( self::KEY, '' ) );
		return '' === $key ? null : Connection::from_key( $key );
	}

	/**
	 * Keeps a key that has been checked.
	 */
	public function save_key( string $key ): void {
		update_option( self::KEY, $key, false );
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

	public function resume(): void {
		delete_option( self::PAUSE );
		delete_transient( self::HOLD );
	}

	/**
	 * Whether the gateway has asked us to stay away for a while.
	 */
	public function is_on_hold(): bool {
		return (bool) get_transient( self::HOLD );
	}

	public function hold( int $seconds ): void {
		set_transient( self::HOLD, 1, $seconds );
	}
}
