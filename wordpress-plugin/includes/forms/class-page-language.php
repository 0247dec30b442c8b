<?php
/**
 * The language of a page.
 *
 * @package Gateway_Connector
 */

declare( strict_types=1 );

namespace Gateway_Connector;

/**
 * Knows in which language the visitor reads the page around a form. Contact Form 7 makes a form in the language of whoever wrote it,
 * and switches WordPress to that meanwhile; so the page's language is noted just before.
 */
final class Page_Language {

	private const SHORTCODES = array( 'contact-form-7', 'contact-form' );

	private static string $noted = '';

	public function register(): void {
		add_action( 'wp', array( $this, 'note' ), PHP_INT_MAX );
		add_filter( 'pre_do_shortcode_tag', array( $this, 'note_before_form' ), 10, 2 );
	}

	public function note(): void {
		self::$noted = determine_locale();
	}

	/**
	 * A form is about to be made.
	 *
	 * @param mixed  $html Passed on.
	 * @param string $tag  The shortcode.
	 * @return mixed
	 */
	public function note_before_form( $html, $tag ) {
		if ( in_array( $tag, self::SHORTCODES, true ) ) {
			$this->note();
		}
		return $html;
	}

	/**
	 * The locale of the page that is being made, such as fr_FR.
	 */
	public static function current(): string {
		$locale = is_locale_switched() && '' !== self::$noted ? self::$noted : determine_locale();
		/**
		 * The locale of the page around a form. It decides the language of the emails, unless the form has one of its own.
		 *
		 * @param string $locale Such as fr_FR; as WordPress, Polylang and WPML know it.
		 */
		return (string) apply_filters( 'gateway_connector_page_language', $locale );
	}
}
