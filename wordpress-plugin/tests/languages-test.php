<?php
/**
 * The translations that the plugin brings.
 *
 * @package Gateway_Connector
 */

declare( strict_types=1 );

namespace Gateway_Connector\Tests;

use WP_Locale_Switcher;

final class Languages_Test extends Plugin_Test_Case {

	private WP_Locale_Switcher $before;

	protected function setUp(): void {
		global $wp_locale_switcher;
		parent::setUp();
		$this->before = $wp_locale_switcher;
		// WordPress speaks only languages that are installed.
		$this->filter( 'get_available_languages', static fn() => array( 'fr_FR', 'de_DE' ) );
		$wp_locale_switcher = new WP_Locale_Switcher();
		$wp_locale_switcher->init();
	}

	protected function tearDown(): void {
		global $wp_locale_switcher;
		restore_current_locale();
		remove_filter( 'locale', array( $wp_locale_switcher, 'filter_locale' ) );
		remove_filter( 'determine_locale', array( $wp_locale_switcher, 'filter_locale' ) );
		$wp_locale_switcher = $this->before;
		parent::tearDown();
	}

	public function test_the_form_speaks_french_where_its_author_wants_it(): void {
		$html = do_shortcode( '[gateway_connector_subscribe list="lst_1" language="fr_FR"]' );

		self::assertStringContainsString( 'Adresse e-mail', $html );
		self::assertStringContainsString( 'S’abonner', $html );
		self::assertStringContainsString( 'Oui, je souhaite recevoir la newsletter.', $html );
	}

	/**
	 * @dataProvider plurals
	 */
	public function test_numbers_take_the_plural_of_the_language( string $locale, int $number, string $expected ): void {
		switch_to_locale( $locale );

		self::assertSame(
			$expected,
			sprintf(
				_n( '%d entry will be sent within a minute.', '%d entries will be sent within a minute.', $number, 'gateway-connector' ),
				$number
			)
		);
	}

	public static function plurals(): array {
		return array(
			'none in French' => array( 'fr_FR', 0, '0 entrée sera transmise d’ici une minute.' ),
			'two in French'  => array( 'fr_FR', 2, '2 entrées seront transmises d’ici une minute.' ),
			'none in German' => array( 'de_DE', 0, '0 Einträge werden innerhalb einer Minute gesendet.' ),
			'one in German'  => array( 'de_DE', 1, '1 Eintrag wird innerhalb einer Minute gesendet.' ),
		);
	}

	public function test_english_comes_back(): void {
		switch_to_locale( 'de_DE' );
		self::assertSame( 'Liste', __( 'Mailing list', 'gateway-connector' ) );
		restore_previous_locale();

		self::assertSame( 'Mailing list', __( 'Mailing list', 'gateway-connector' ) );
	}
}
