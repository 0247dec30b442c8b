<?php
/**
 * Fields that come back unchanged.
 *
 * @package Gateway_Connector
 */

declare( strict_types=1 );

namespace Gateway_Connector;

/**
 * Signs data for a page, so that they come back unchanged: base64url of JSON, a dot, and a MAC (HMAC-SHA-256, hexadecimal).
 */
final class Signed_Fields {

	/**
	 * The secret. It is our own, because WordPress' salts may change (plugins do it weekly) while a cache keeps the pages.
	 */
	public const SECRET = 'gateway_connector_signing_secret';

	public static function sign( array $data ): string {
		// phpcs:ignore WordPress.PHP.DiscouragedPHPFunctions -- the format of the key and of signatures.
		$text = rtrim( strtr( base64_encode( (string) wp_json_encode( $data ) ), '+/', '-_' ), '=' );
		return $text . '.' . self::mac( $text );
	}

	/**
	 * The data; null when the signature is not ours.
	 */
	public static function verify( string $signed ): ?array {
		list( $text, $mac ) = explode( '.', $signed, 2 ) + array( '', '' );
		if ( ! hash_equals( self::mac( $text ), $mac ) ) {
			return null;
		}
		// phpcs:ignore WordPress.PHP.DiscouragedPHPFunctions -- the format of the key and of signatures.
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
