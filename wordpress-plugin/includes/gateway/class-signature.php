<?php
/**
 * Signs requests.
 *
 * @package Gateway_Connector
 */

declare( strict_types=1 );

namespace Gateway_Connector;

/**
 * Signatures of the Standard Webhooks specification (https://www.standardwebhooks.com/).
 */
final class Signature {

	public const SECRET_PREFIX = 'whsec_';

	/**
	 * The headers that prove who sent exactly this body, and when.
	 *
	 * @return array<string,string>
	 */
	public static function headers( string $secret, string $id, int $timestamp, string $body ): array {
		return array(
			'webhook-id'        => $id,
			'webhook-timestamp' => (string) $timestamp,
			// phpcs:ignore WordPress.PHP.DiscouragedPHPFunctions -- the format of the key and of signatures.
			'webhook-signature' => 'v1,' . base64_encode( hash_hmac( 'sha256', "{$id}.{$timestamp}.{$body}", self::key( $secret ), true ) ),
		);
	}

	/**
	 * The bytes a secret stands for; none if it is not base64.
	 */
	public static function key( string $secret ): string {
		// phpcs:ignore WordPress.PHP.DiscouragedPHPFunctions -- the format of the key and of signatures.
		return (string) base64_decode( substr( $secret, strlen( self::SECRET_PREFIX ) ), true );
	}
}
