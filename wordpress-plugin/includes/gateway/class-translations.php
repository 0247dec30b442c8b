<?php
/**
 * Our texts in a language that WordPress itself may lack.
 *
 * @package Gateway_Connector
 */

declare( strict_types=1 );

namespace Gateway_Connector;

use MO;

/**
 * Lets a visitor read our texts in the language of a form, also where WordPress' own texts are not installed in it: those we bring along.
 */
final class Translations {

	private const DOMAIN = 'gateway-connector';

	/**
	 * Does something while our texts are those of a locale such as de_DE.
	 *
	 * @param string   $locale The locale.
	 * @param callable $act    What to do.
	 * @return mixed What it returns.
	 */
	public static function speak( string $locale, callable $act ) {
		if ( switch_to_locale( $locale ) ) {
			try {
				return $act();
			} finally {
				restore_previous_locale();
			}
		}
		return determine_locale() === $locale ? $act() : self::with_our_own( $locale, $act );
	}

	/**
	 * Does something while our texts come from our own file, or are the original ones where there is none.
	 */
	private static function with_our_own( string $locale, callable $act ) {
		$texts = new MO();
		$file  = self::file( $locale );
		if ( '' !== $file ) {
			$texts->import_from_file( $file );
		}
		$one  = static fn( $translated, $text ) => $texts->translate( $text );
		$some = static fn( $translated, $text, $context ) => $texts->translate( $text, $context );
		$many = static fn( $translated, $single, $plural, $number ) => $texts->translate_plural( $single, $plural, (int) $number );
		add_filter( 'gettext_' . self::DOMAIN, $one, 10, 2 );
		add_filter( 'gettext_with_context_' . self::DOMAIN, $some, 10, 3 );
		add_filter( 'ngettext_' . self::DOMAIN, $many, 10, 4 );
		try {
			return $act();
		} finally {
			remove_filter( 'gettext_' . self::DOMAIN, $one );
			remove_filter( 'gettext_with_context_' . self::DOMAIN, $some );
			remove_filter( 'ngettext_' . self::DOMAIN, $many );
		}
	}

	/**
	 * Our file for a locale, or for another country's form of the language; empty when there is none.
	 */
	private static function file( string $locale ): string {
		$folder = dirname( PLUGIN_FILE ) . '/languages/' . self::DOMAIN . '-';
		$exact  = $folder . sanitize_file_name( $locale ) . '.mo';
		$others = (array) glob( $folder . sanitize_key( (string) strtok( $locale, '_-' ) ) . '_*.mo' );
		return is_file( $exact ) ? $exact : (string) reset( $others );
	}
}
