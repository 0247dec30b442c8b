<?php
/**
 * Texts as people read them.
 *
 * @package Gateway_Connector
 */

declare( strict_types=1 );

namespace Gateway_Connector;

/**
 * Makes plain text of HTML and of what WordPress stores as HTML.
 */
final class Plain_Text {

	/**
	 * Elements that begin a new line on the screen, so that the words before and after them are two words.
	 */
	private const BREAKS = 'address|article|aside|blockquote|br|caption|center|dd|details|div|dl|dt|fieldset|figcaption|figure|footer|form'
		. '|h[1-6]|header|hr|legend|li|main|menu|nav|ol|option|p|pre|section|summary|table|tbody|td|tfoot|th|thead|tr|ul';

	/**
	 * The words in a piece of HTML, on one line.
	 */
	public static function of( string $html ): string {
		return self::one_line( self::decode( wp_strip_all_tags( self::with_spaces( $html ), true ) ) );
	}

	/**
	 * HTML with a space for each new line on the screen, so that no two words become one when its tags are taken off.
	 */
	public static function with_spaces( string $html ): string {
		$html = (string) preg_replace( '#<!--.*?-->#s', '', $html );
		return (string) preg_replace( '#</?(?:' . self::BREAKS . ')(?:\s[^>]*|/)?>#i', ' ', $html );
	}

	/**
	 * A name or title without the entities with which WordPress stores it, such as &amp; and &#039;.
	 */
	public static function decode( string $text ): string {
		return html_entity_decode( $text, ENT_QUOTES | ENT_HTML5, 'UTF-8' );
	}

	/**
	 * A text that has at most so many UTF-16 units, which is how the gateway counts. No character is cut in two.
	 */
	public static function cut( string $text, int $units ): string {
		$utf16 = substr( (string) mb_convert_encoding( $text, 'UTF-16LE', 'UTF-8' ), 0, 2 * $units );
		// Half a character at the end is the first unit of a pair, D800 to DBFF.
		$is_half = '' !== $utf16 && 0xD8 === ( ord( substr( $utf16, -1 ) ) & 0xFC );
		return (string) mb_convert_encoding( $is_half ? substr( $utf16, 0, -2 ) : $utf16, 'UTF-8', 'UTF-16LE' );
	}

	private static function one_line( string $text ): string {
		return trim( (string) preg_replace( '/\s+/u', ' ', $text ) );
	}
}
