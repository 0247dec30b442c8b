<?php
/**
 * Email addresses.
 *
 * @package Gateway_Connector
 */

declare( strict_types=1 );

namespace Gateway_Connector;

use Throwable;
use WpOrg\Requests\IdnaEncoder;

/**
 * Says whether the gateway would take an address, so that a form can refuse it while the visitor is still there.
 *
 * It takes what WordPress' is_email() takes, which includes addresses such as a..b.@example.jp that RFC 5321 does not know and that
 * exist, and beyond that names of domains in any script. The part before the @ is ASCII: most mail servers take no other.
 */
final class Email_Address {

	/**
	 * RFC 5321, section 4.5.3.1, with the erratum that makes a path 254 octets.
	 */
	private const MAX       = 254;
	private const MAX_LOCAL = 64;
	private const MAX_LABEL = 63;

	/**
	 * Whether mail can be sent to what somebody typed or pasted.
	 */
	public static function is_valid( string $typed ): bool {
		/**
		 * Says whether an address is taken, for example to refuse domains, or to take what a mail server of your own can reach.
		 *
		 * @param bool   $valid Whether the plugin takes it.
		 * @param string $typed The address as it was typed.
		 */
		return (bool) apply_filters( 'gateway_connector_accepts_email', '' !== self::ascii( $typed ), $typed );
	}

	/**
	 * The address with its domain in ASCII; empty when it is none.
	 */
	private static function ascii( string $typed ): string {
		$address = self::clean( $typed );
		$at      = (int) strrpos( $address, '@' );
		$local   = substr( $address, 0, $at );
		$domain  = self::ascii_domain( rtrim( substr( $address, $at + 1 ), '.' ) );
		$ascii   = "{$local}@{$domain}";
		$is_one  = $at > 0 && '' !== $domain && strlen( $local ) <= self::MAX_LOCAL && strlen( $ascii ) <= self::MAX;
		return $is_one && is_email( $ascii ) ? $ascii : '';
	}

	/**
	 * Takes off what comes along when people paste: space and signs that nobody sees, "mailto:", letters of full width.
	 */
	private static function clean( string $typed ): string {
		$text = wp_check_invalid_utf8( $typed );
		if ( function_exists( 'normalizer_normalize' ) ) {
			$text = (string) normalizer_normalize( $text, \Normalizer::FORM_KC );
		}
		$text = trim( (string) preg_replace( '/\p{Cf}+|^[\s\p{Z}]+|[\s\p{Z}]+$/u', '', $text ) );
		return (string) preg_replace( '/^mailto:/i', '', $text );
	}

	/**
	 * A domain in ASCII (IDNA); empty when it is none.
	 */
	private static function ascii_domain( string $domain ): string {
		try {
			if ( 1 === preg_match( '/[^\x00-\x7F]/', $domain ) ) {
				$domain = function_exists( 'idn_to_ascii' )
					? (string) idn_to_ascii( $domain, IDNA_NONTRANSITIONAL_TO_ASCII | IDNA_USE_STD3_RULES, INTL_IDNA_VARIANT_UTS46 )
					: IdnaEncoder::encode( $domain );
			} elseif ( 1 === preg_match( '/(^|\.)xn--/i', $domain ) && function_exists( 'idn_to_utf8' ) ) {
				$domain = false === idn_to_utf8( $domain, IDNA_USE_STD3_RULES, INTL_IDNA_VARIANT_UTS46 ) ? '' : $domain;
			}
		} catch ( Throwable $error ) {
			return '';
		}
		$labels = explode( '.', $domain );
		// A domain ends with letters: a number at the end is an address of a machine.
		return max( array_map( 'strlen', $labels ) ) > self::MAX_LABEL || ctype_digit( end( $labels ) ) ? '' : $domain;
	}
}
