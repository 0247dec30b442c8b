<?php
/**
 * Which site the connection belongs to.
 *
 * @package Gateway_Connector
 */

declare( strict_types=1 );

namespace Gateway_Connector;

/**
 * Binds the connection to the site's address. A copy of the site (staging, a backup on another machine) has another address: it must not
 * send what waits at the original to the people who signed up there.
 */
final class Site_Address {

	/**
	 * The address that the connection belongs to, encoded: whoever copies a site replaces its address everywhere in the database.
	 */
	public const OPTION = 'gateway_connector_site';

	/**
	 * The address of this site if somebody said that it is a copy, encoded.
	 */
	public const COPY = 'gateway_connector_copy';

	/**
	 * Binds the connection to the address that the site has now.
	 */
	public static function bind(): void {
		update_option( self::OPTION, self::encode( self::current() ) );
		delete_option( self::COPY );
	}

	/**
	 * Binds it unless that has been done.
	 */
	public static function bind_once(): void {
		if ( '' === self::bound() ) {
			self::bind();
		}
	}

	public static function forget(): void {
		delete_option( self::OPTION );
		delete_option( self::COPY );
	}

	/**
	 * Whether the connection belongs to a site with another address.
	 */
	public static function is_another(): bool {
		return '' !== self::bound() && self::bound() !== self::current();
	}

	/**
	 * Notes that this site is a copy, so that nobody is asked again.
	 */
	public static function mark_as_copy(): void {
		update_option( self::COPY, self::encode( self::current() ) );
	}

	public static function is_marked_as_copy(): bool {
		return self::decode( self::COPY ) === self::current();
	}

	/**
	 * The address that the connection belongs to, such as shop.example/fr; empty when it belongs to none yet.
	 */
	public static function bound(): string {
		return self::decode( self::OPTION );
	}

	/**
	 * The address of this site: host and path. With or without https and www it is the same site.
	 */
	public static function current(): string {
		// home_url() depends on the page's language where each language has a domain; the option does not.
		$url  = (array) wp_parse_url( strtolower( (string) get_option( 'home' ) ) );
		$host = preg_replace( '/^www\./', '', (string) ( $url['host'] ?? '' ) );
		$port = isset( $url['port'] ) ? ':' . $url['port'] : '';
		$site = $host . $port . untrailingslashit( (string) ( $url['path'] ?? '' ) );
		/**
		 * The address that stands for this site. Return the same text wherever it is the same site.
		 *
		 * @param string $site Host and path, such as shop.example/fr.
		 */
		return (string) apply_filters( 'gateway_connector_site_address', $site );
	}

	private static function encode( string $site ): string {
		return bin2hex( $site );
	}

	private static function decode( string $option ): string {
		$kept = (string) get_option( $option, '' );
		return ctype_xdigit( $kept ) && 0 === strlen( $kept ) % 2 ? (string) hex2bin( $kept ) : '';
	}
}
