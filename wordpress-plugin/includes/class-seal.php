<?php
/**
 * Sealed texts.
 *
 * @package Gateway_Connector
 */

declare( strict_types=1 );

namespace Gateway_Connector;

/**
 * Gives data to a page so that they come back unchanged: base64url of JSON, a dot, and a MAC (HMAC-SHA-256, hexadecimal).
 */
final class Seal {

	/**
	 * The secret. One of our own, because WordPress' salts may change (plugins do it weekly) while a cache keeps the pages.
	 */
	public const SECRET = 'gateway_connector_seal';

	public static function close( array $data ): string {
		$text = rtrim( strtr( base64_encode( (string) wp_json_encode( $data ) ), '+/', '-_' ), '=' );
		return $text . '.' . self::mac( $text );
	}

	/**
	 * The data; null when the seal is not ours.
	 */
	public static function open( string $sealed ): ?array {
		list( $text, $mac ) = explode( '.', $sealed, 2 ) + array( '', '' );
		if ( ! hash_equals( self::mac( $text ), $mac ) ) {
			return null;
		}
		$data = json_decode( (string) base64_decode( strtr( $text, '-_', '+/' ) ), true );
		return is_array( $data ) ? $data : null;
	}

	private static function mac( string $text ): string {
		$secret = (string) get_option( self::SECRET, '' );
		if ( '' === $secret ) {
			$secret = wp_generate_password( 64, true, true );
			update_option( self::SECRET, $secret );
		}
		return hash_hmac( 'sha256', $text, $secret );
	}
}
