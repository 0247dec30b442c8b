<?php
/**
 * The address of a gateway as people type it.
 *
 * @package Gateway_Connector
 */

declare( strict_types=1 );

namespace Gateway_Connector;

use WP_Error;

/**
 * Makes what somebody typed or copied into the address of a gateway: scheme, host and port.
 */
final class Gateway_Address {

	/**
	 * Machines that are this one, where nobody listens in.
	 */
	private const HERE = array( 'localhost', '127.0.0.1', '[::1]' );

	/**
	 * The address without a path, such as https://gateway.example.org.
	 *
	 * @return string|WP_Error The error's message is for the person who typed it.
	 */
	public static function from_typed( string $typed ) {
		$typed = trim( $typed );
		$url   = wp_parse_url( preg_match( '~^[a-z][a-z0-9+.-]*://~i', $typed ) ? $typed : 'https://' . $typed );
		if ( ! is_array( $url )
			|| ! isset( $url['scheme'], $url['host'] )
			|| isset( $url['user'] )
			|| isset( $url['pass'] )
			|| ! in_array( strtolower( $url['scheme'] ), array( 'http', 'https' ), true )
			|| ! preg_match( '/^(\[[0-9a-f:]+\]|[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?)$/i', $url['host'] )
		) {
			return new WP_Error( 'url', __( 'This is not a web address such as https://gateway.example.org.', 'gateway-connector' ) );
		}
		$scheme = strtolower( $url['scheme'] );
		$host   = strtolower( $url['host'] );
		if ( 'http' === $scheme && ! in_array( $host, self::HERE, true ) ) {
			return new WP_Error(
				'https',
				__( 'The gateway’s address must begin with https://, because personal data is sent to it.', 'gateway-connector' )
			);
		}
		$usual = 'https' === $scheme ? 443 : 80;
		$port  = isset( $url['port'] ) && $usual !== $url['port'] ? ':' . $url['port'] : '';
		return $scheme . '://' . $host . $port;
	}
}
