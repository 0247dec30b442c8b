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
	 * Quotation marks that no address begins with, and what a sentence goes on with after an address that was cut out of it.
	 */
	private const AROUND = '/^[“”„«»‹›「]+|[.,;:!?。、"”“\'’‘»«›‹」]+$/uD';

	/**
	 * What an address may begin with, but not when it ends with its counterpart.
	 */
	private const PAIRS = '/^(?:"(.*)"|\'(.*)\'|`(.*)[`\']|‘(.*)’|’(.*)’|‚(.*)[‘’]|\((.*)\)|\[(.*)\]|<(.*)>)$/usD';

	/**
	 * A quotation mark, a bullet or an arrow is no part of a domain's name. The points and quotation marks of Catalan, Hebrew and
	 * Japanese words are.
	 */
	private const PUNCTUATION = '/(?![-.\x{B7}\x{5F3}\x{5F4}\x{30FB}\x{3002}])[\p{P}\p{Sm}]/u';

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
	 * The ways in which one address may have been typed: with its domain in letters of any script, and in ASCII.
	 *
	 * @return string[] At least the address as it was given.
	 */
	public static function spellings( string $address ): array {
		$ascii   = self::ascii( $address );
		$at      = (int) strrpos( $ascii, '@' );
		$letters = '' !== $ascii && function_exists( 'idn_to_utf8' )
			? (string) idn_to_utf8( substr( $ascii, $at + 1 ), IDNA_DEFAULT, INTL_IDNA_VARIANT_UTS46 )
			: '';
		$letters = '' === $letters ? '' : substr( $ascii, 0, $at + 1 ) . $letters;
		return array_values( array_unique( array_filter( array( $address, $ascii, $letters ), 'strlen' ) ) );
	}

	/**
	 * The address with its domain in ASCII; empty when it is none.
	 */
	private static function ascii( string $typed ): string {
		$address = self::clean( $typed );
		$at      = (int) strrpos( $address, '@' );
		$local   = substr( $address, 0, $at );
		$domain  = self::ascii_domain( substr( $address, $at + 1 ) );
		$ascii   = "{$local}@{$domain}";
		// Dots in odd places need quotation marks on the way, and something must be there beside dots.
		$marks   = 1 === preg_match( '/^\.|\.\.|\.$/', $local ) ? 2 : 0;
		$is_one  = '' !== trim( $local, '.' ) && '' !== $domain;
		$is_long = strlen( $local ) + $marks > self::MAX_LOCAL || strlen( $ascii ) + $marks > self::MAX;
		return $is_one && ! $is_long && is_email( $ascii ) ? $ascii : '';
	}

	/**
	 * Takes off what comes along when people paste: punctuation and space around it, signs that nobody sees, "mailto:", letters of full
	 * width.
	 */
	private static function clean( string $typed ): string {
		$text = self::alone( self::seen( $typed ) );
		// A link to an address may bring a subject along, and some write it as a link to a page.
		return 1 === preg_match( '#^mailto:/*([^?]*)#i', $text, $link ) ? self::alone( self::seen( rawurldecode( $link[1] ) ) ) : $text;
	}

	private static function seen( string $typed ): string {
		// Some scripts write words with joiners in them, and a domain with one is another domain.
		$unseen = '/(?<![^\x00-\x7F])[\x{200C}\x{200D}]|(?![\x{200C}\x{200D}])\p{Cf}/u';
		$text   = (string) preg_replace( $unseen, '', wp_check_invalid_utf8( $typed ) );
		if ( function_exists( 'normalizer_normalize' ) ) {
			$text = (string) normalizer_normalize( $text, \Normalizer::FORM_KC );
		}
		return self::trim( $text );
	}

	/**
	 * Without the punctuation that is copied along with an address. No domain ends with any of it, so nobody's address is changed.
	 */
	private static function alone( string $text ): string {
		do {
			$before = $text;
			$inside = preg_match( self::PAIRS, $text, $found ) ? end( $found ) : $text;
			$text   = self::trim( $inside === $text ? (string) preg_replace( self::AROUND, '', $text ) : $inside );
		} while ( $text !== $before );
		return $text;
	}

	private static function trim( string $text ): string {
		return (string) preg_replace( '/^[\s\p{Z}]+|[\s\p{Z}]+$/u', '', $text );
	}

	/**
	 * A domain in ASCII (IDNA); empty when it is none.
	 */
	private static function ascii_domain( string $domain ): string {
		try {
			if ( 1 === preg_match( '/[^\x00-\x7F]/', $domain ) ) {
				$domain = 1 === preg_match( self::PUNCTUATION, $domain ) ? '' : self::encode( $domain );
			} elseif ( 1 === preg_match( '/(^|\.)xn--/i', $domain ) && function_exists( 'idn_to_utf8' ) ) {
				$letters = (string) idn_to_utf8( $domain, IDNA_USE_STD3_RULES | IDNA_CHECK_CONTEXTJ, INTL_IDNA_VARIANT_UTS46 );
				$domain  = '' === $letters || 1 === preg_match( self::PUNCTUATION, $letters ) ? '' : $domain;
			}
		} catch ( Throwable $error ) {
			return '';
		}
		$labels = explode( '.', $domain );
		// A domain ends with letters: a number at the end is an address of a machine.
		return max( array_map( 'strlen', $labels ) ) > self::MAX_LABEL || ctype_digit( end( $labels ) ) ? '' : $domain;
	}

	private static function encode( string $domain ): string {
		if ( ! function_exists( 'idn_to_ascii' ) ) {
			return IdnaEncoder::encode( $domain );
		}
		$rules = IDNA_NONTRANSITIONAL_TO_ASCII | IDNA_USE_STD3_RULES | IDNA_CHECK_CONTEXTJ;
		return (string) idn_to_ascii( $domain, $rules, INTL_IDNA_VARIANT_UTS46 );
	}
}
