<?php
/**
 * The visitor who sends a form.
 *
 * @package Gateway_Connector
 */

declare( strict_types=1 );

namespace Gateway_Connector;

/**
 * Knows what the request says about a visitor, and counts the sign-ups of an IP address. The limit stops floods, not people: a whole
 * company may share one address.
 */
final class Visitor {

	/**
	 * Beginning of the names of transients, which hold a count each, and no address.
	 */
	public const TRANSIENT = 'gateway_connector_ip_';

	private const MAX_SIGN_UPS = 100;
	private const SECONDS      = 10 * MINUTE_IN_SECONDS;

	public static function ip(): string {
		return self::server( 'REMOTE_ADDR' );
	}

	/**
	 * A variable of the request, as text.
	 */
	public static function server( string $name ): string {
		// phpcs:ignore WordPress.Security.ValidatedSanitizedInput -- whoever uses it cleans it for its purpose.
		return wp_check_invalid_utf8( (string) wp_unslash( $_SERVER[ $name ] ?? '' ) );
	}

	/**
	 * Counts one more sign-up. Returns false when there were too many within the last minutes.
	 */
	public static function may_sign_up(): bool {
		/**
		 * How many sign-ups an IP address may send in ten minutes; 0 for any number, where all visitors seem to come from one proxy.
		 *
		 * @param int $max 100.
		 */
		$max = (int) apply_filters( 'gateway_connector_visitor_limit', self::MAX_SIGN_UPS );
		if ( $max <= 0 ) {
			return true;
		}
		$name   = self::TRANSIENT . substr( wp_hash( self::ip() ), 0, 20 );
		$window = intdiv( time(), self::SECONDS );
		$known  = (array) get_transient( $name );
		$count  = ( $known[0] ?? 0 ) === $window ? (int) $known[1] : 0;
		if ( $count >= $max ) {
			return false;
		}
		set_transient( $name, array( $window, $count + 1 ), self::SECONDS );
		return true;
	}
}
