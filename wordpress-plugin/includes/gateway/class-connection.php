<?php
/**
 * The connection to a gateway.
 *
 * @package Gateway_Connector
 */

declare( strict_types=1 );

namespace Gateway_Connector;

use WP_Error;

/**
 * The gateway's address, our site's id there, and the secret that proves it.
 */
final class Connection {

	private const PREFIX      = 'gwc_';
	private const SECRET_SIZE = 24; // Bytes; what Standard Webhooks asks for at least.

	public string $url;

	public string $site;

	public string $secret;

	private function __construct( string $url, string $site, string $secret ) {
		$this->url    = $url;
		$this->site   = $site;
		$this->secret = $secret;
	}

	/**
	 * Reads a connection key: gwc_ and the base64url of {"url","site","secret"}.
	 *
	 * @return self|WP_Error The error's message is for the person who pasted the key.
	 */
	public static function from_key( string $key ) {
		$json = 0 === strpos( $key, self::PREFIX )
			// phpcs:ignore WordPress.PHP.DiscouragedPHPFunctions -- the format of the key and of signatures.
			? base64_decode( strtr( substr( $key, strlen( self::PREFIX ) ), '-_', '+/' ), true )
			: false;
		$part = json_decode( (string) $json, true );
		if ( ! is_array( $part ) || ! self::are_texts( $part, array( 'url', 'site', 'secret' ) ) ) {
			return new WP_Error(
				'key',
				__( 'This is not a complete connection key. Copy the whole line that begins with gwc_.', 'gateway-connector' )
			);
		}
		if ( ! self::is_secret( $part['secret'] ) ) {
			return new WP_Error(
				'secret',
				__( 'The secret inside this connection key is damaged. Copy the key again.', 'gateway-connector' )
			);
		}

		$url   = wp_parse_url( $part['url'] );
		$extra = array_intersect( array( 'user', 'pass', 'query', 'fragment' ), array_keys( (array) $url ) );
		$plain = isset( $url['scheme'], $url['host'] ) && array() === $extra;
		if ( ! $plain || ! in_array( $url['scheme'], array( 'http', 'https' ), true ) ) {
			return new WP_Error(
				'url',
				__( 'The gateway’s address inside this connection key is not a web address.', 'gateway-connector' )
			);
		}
		if ( 'http' === $url['scheme'] && ! in_array( $url['host'], array( 'localhost', '127.0.0.1', '[::1]' ), true ) ) {
			return new WP_Error(
				'https',
				__( 'The gateway’s address must begin with https://, because personal data is sent to it.', 'gateway-connector' )
			);
		}
		return new self( untrailingslashit( $part['url'] ), $part['site'], $part['secret'] );
	}

	/**
	 * The address of something that belongs to our site at the gateway.
	 */
	public function endpoint( string $path ): string {
		return $this->url . '/v1/sites/' . rawurlencode( $this->site ) . '/' . $path;
	}

	public function host(): string {
		return (string) wp_parse_url( $this->url, PHP_URL_HOST );
	}

	/**
	 * Whether what we send is encrypted. If not, it does not leave the machine.
	 */
	public function is_encrypted(): bool {
		return 'https' === wp_parse_url( $this->url, PHP_URL_SCHEME );
	}

	/**
	 * Keeps the secret out of var_dump and of error reports.
	 */
	public function __debugInfo() {
		return array(
			'url'  => $this->url,
			'site' => $this->site,
		);
	}

	private static function are_texts( array $part, array $names ): bool {
		foreach ( $names as $name ) {
			if ( ! isset( $part[ $name ] ) || ! is_string( $part[ $name ] ) || '' === $part[ $name ] ) {
				return false;
			}
		}
		return true;
	}

	private static function is_secret( string $secret ): bool {
		return 0 === strpos( $secret, Signature::SECRET_PREFIX )
			&& strlen( Signature::key( $secret ) ) >= self::SECRET_SIZE;
	}
}
