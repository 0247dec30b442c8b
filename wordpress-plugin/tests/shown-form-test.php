<?php
/**
 * What was shown is what is proved.
 *
 * @package Gateway_Connector
 */

declare( strict_types=1 );

namespace Gateway_Connector\Tests;

use Gateway_Connector\Form_Settings;
use Gateway_Connector\Shown_Form;
use Gateway_Connector\Signed_Fields;
use Gateway_Connector\Subscription;
use WPCF7_ContactForm;

final class Shown_Form_Test extends Plugin_Test_Case {

	private const FIELDS = array(
		'your-name'    => 'Ann',
		'your-email'   => 'ann@example.org',
		'newsletter-1' => '1',
	);

	private const UNKNOWN = '(The words beside the box are not known: the page did not carry this site’s signature.)';

	public function test_a_page_from_a_cache_proves_the_words_and_the_policy_that_it_showed(): void {
		$form = $this->create_form();
		$page = $this->seal( $form );

		$form = $this->change(
			$form,
			'Yes, sell my address.',
			array( 'policy_url' => 'https://shop.example/new', 'policy_version' => '2027' )
		);
		self::assertSame( 'mail_sent', $this->post( $form, self::FIELDS, $page ) );

		self::assertSame(
			array(
				'given'         => true,
				'text'          => 'Yes, send me the newsletter.',
				'policyUrl'     => 'https://shop.example/privacy',
				'policyVersion' => '2026-05',
			),
			$this->consent()
		);
	}

	public function test_a_page_made_after_the_change_proves_the_new_words(): void {
		$form = $this->change( $this->create_form(), 'Yes, sell my address.' );

		$this->post( $form, self::FIELDS );

		self::assertSame( 'Yes, sell my address.', $this->consent()['text'] );
	}

	public function test_the_seal_stands_in_the_form_on_the_page(): void {
		$form = $this->create_form();

		$html = do_shortcode( sprintf( '[contact-form-7 id="%d"]', $form->id() ) );

		self::assertMatchesRegularExpression( '~<input[^>]* name="_gateway_connector_shown" value="[\w-]+\.[0-9a-f]{64}"~', $html );
	}

	/** @dataProvider forgeries */
	public function test_a_page_that_proves_nothing_is_never_evidence_of_words_and_loses_nobody( callable $forge ): void {
		$form = $this->create_form();

		self::assertSame( 'mail_sent', $this->post( $form, self::FIELDS, $forge( $this->seal( $form ) ) ) );

		self::assertSame( array( 'given' => true, 'text' => self::UNKNOWN ), $this->consent() );
	}

	public function forgeries(): array {
		$words = static fn() => array( 'newsletter-1' => array( 'ours' => true, 'texts' => array( 'I agree to all.' ), 'groups' => array(),
			'policyUrl' => '', 'policyVersion' => '', 'lists' => array( 'lst_1' ) ) );
		return array(
			'no seal'                   => array( static fn() => '' ),
			'words of somebody else'    => array(
				static fn() => rtrim(
					strtr( base64_encode( wp_json_encode( array( 'boxes' => $words() ) ) ), '+/', '-_' ),
					'='
				) . '.' . str_repeat( '0', 64 ),
			),
			'one letter changed'        => array( static fn( string $seal ) => 'A' . substr( $seal, 1 ) ),
			'a seal of another form'    => array(
				static fn() => Signed_Fields::sign( array( 'kind' => 'contact-form-7', 'form' => '999999', 'boxes' => $words() ) ),
			),
			'a seal of another purpose' => array(
				static fn() => Signed_Fields::sign( array( 'list' => 'lst_1', 'label' => 'I agree to all.' ) ),
			),
			'a list instead of a text'  => array( static fn() => 'x.y.z' ),
		);
	}

	public function test_without_a_tick_nothing_is_given_whatever_the_page_proves(): void {
		$form = $this->create_form();

		$this->post( $form, array( 'newsletter-1' => '' ) + self::FIELDS, '' );
		$this->post( $form, array( 'newsletter-1' => '' ) + self::FIELDS );

		self::assertSame(
			array( false, false ),
			array_map( static fn( $row ) => $row->submission['subscribe'][0]['consent']['given'], $this->rows() )
		);
	}

	public function test_a_list_for_which_the_page_showed_no_box_gets_no_consent(): void {
		$form = $this->create_form();
		$page = $this->seal( $form );
		$form = $this->change( $form, 'Yes, send me the newsletter.', array(), '[newsletter offers "And the offers."]' );
		$two  = Form_Settings::of( $form );

		$two->subscriptions[] = Subscription::from_array( array( 'list' => 'lst_2', 'consent' => 'offers' ) + self::SUBSCRIPTION );
		$two->put_into( $form );
		$form->save();
		$this->post( $form, self::FIELDS + array( 'offers' => '1' ), $page );

		$given = array_column( array_column( $this->row()->submission['subscribe'], 'consent' ), 'given' );
		self::assertSame( array( true, false ), $given );
	}

	public function test_a_box_that_has_another_name_by_now_still_counts_for_its_list(): void {
		$form = $this->create_form();
		$page = $this->seal( $form );
		$form->set_properties( array( 'form' => str_replace( 'newsletter-1', 'letter', self::FORM ) ) );
		(
			new Form_Settings( true, array( Subscription::from_array( array( 'consent' => 'letter' ) + self::SUBSCRIPTION ) ) )
		)->put_into( $form );
		$form->save();

		$this->post( $form, self::FIELDS, $page );

		self::assertSame( array( true, 'Yes, send me the newsletter.' ), array( $this->consent()['given'], $this->consent()['text'] ) );
	}

	/** @dataProvider languages */
	public function test_the_language_is_that_of_the_page_and_not_of_who_made_the_form( string $page, string $choice, string $sent ): void {
		$form     = $this->create_form(); // In French.
		$settings = Form_Settings::of( $form );

		$settings->language = $choice;
		$settings->put_into( $form );
		$form->save();
		$html = '';
		$this->in_locale(
			$page,
			static function () use ( $form, &$html ): void {
				$html = do_shortcode( sprintf( '[contact-form-7 id="%d"]', $form->id() ) );
			}
		);
		preg_match( '~name="_gateway_connector_shown" value="([^"]+)"~', $html, $seal );

		$this->post( $form, self::FIELDS, $seal[1] );

		self::assertSame( $sent, $this->row()->submission['form']['locale'] );
	}

	public function languages(): array {
		return array(
			'a German page'                 => array( 'de_DE', '', 'de_DE' ),
			'an English page'               => array( 'en_US', '', 'en_US' ),
			'the form has one of its own'   => array( 'de_DE', 'it', 'it' ),
			'a language WordPress has none' => array( 'es_MX', '', 'es_MX' ),
		);
	}

	public function test_the_page_is_the_one_that_was_made_and_not_what_a_browser_says(): void {
		$form = $this->create_form();
		$page = $this->seal( $form );

		$_SERVER['HTTP_REFERER'] = home_url( '/elsewhere/?secret=1' );
		$this->post( $form, self::FIELDS, $page );

		self::assertSame( home_url( '/contact/' ), $this->row()->submission['form']['url'] );
	}

	public function test_what_others_asked_for_does_not_stand_in_a_page_for_all(): void {
		$_SERVER['REQUEST_URI'] = '/contact/?email=max@example.org';
		$form                   = $this->create_form();

		$this->post( $form, self::FIELDS );

		self::assertSame( home_url( '/contact/' ), $this->row()->submission['form']['url'] );
	}

	/** @dataProvider wordings */
	public function test_words_are_kept_as_people_read_them( string $html, string $text ): void {
		$form = $this->create_form(
			self::FORM . "[acceptance agree optional]{$html}[/acceptance]",
			array( 'consent' => 'agree' ) + self::SUBSCRIPTION
		);

		$this->post( $form, self::FIELDS + array( 'agree' => '1' ) );

		self::assertSame( $text, $this->consent()['text'] );
	}

	public function wordings(): array {
		return array(
			'br'          => array( 'Ja, ich will den Rabatt<br>jeden Monat.', 'Ja, ich will den Rabatt jeden Monat.' ),
			'br with /'   => array( 'Rabatt<br />jeden<BR/>Monat', 'Rabatt jeden Monat' ),
			'paragraphs'  => array( '<p>One.</p><p>Two.</p>', 'One. Two.' ),
			'a list'      => array( '<ul><li>News</li><li>Offers</li></ul>', 'News Offers' ),
			'inline'      => array( 'news<b>letter</b> &amp; <i>more</i>', 'newsletter & more' ),
			'lines'       => array( "One\nTwo", 'One Two' ),
			'a comment'   => array( 'One<!-- not shown -->Two', 'OneTwo' ),
			'like a break' => array( 'Rabatt<broad>jeden</broad>', 'Rabattjeden' ),
		);
	}

	/** @dataProvider places */
	public function test_a_box_that_is_there_twice_says_which_one_was_ticked( array $posted, array $expected ): void {
		$form = $this->create_form(
			"[email your-email]\n[group private][newsletter box \"For people.\"][/group]\n[group company][newsletter box \"For companies.\"][/group]",
			array( 'consent' => 'box' ) + self::SUBSCRIPTION
		);

		$this->post( $form, $posted + array( 'your-email' => 'ann@example.org' ) );

		self::assertSame( $expected, array( $this->consent()['given'], $this->consent()['text'] ) );
	}

	public function places(): array {
		$hide = static fn( string $group, string $other ) => array(
			'_wpcf7cf_hidden_group_fields' => '["box"]',
			'_wpcf7cf_hidden_groups'       => wp_json_encode( array( $group ) ),
			'_wpcf7cf_visible_groups'      => wp_json_encode( array( $other ) ),
		);
		return array(
			'the first'                => array( array( 'box' => '1' ), array( true, 'For people.' ) ),
			'the second'               => array( array( 'box' => '2' ), array( true, 'For companies.' ) ),
			'the seen one'             => array( array( 'box' => '2' ) + $hide( 'private', 'company' ), array( true, 'For companies.' ) ),
			'the hidden one'           => array( array( 'box' => '1' ) + $hide( 'private', 'company' ), array( false, 'For people.' ) ),
			'one that does not exist'  => array( array( 'box' => '3' ), array( false, 'For people.' ) ),
		);
	}

	public function test_boxes_that_are_there_twice_have_different_values_on_the_page(): void {
		$form = $this->create_form(
			'[newsletter box "A"][acceptance other optional]C[/acceptance][newsletter box "B"]',
			array( 'consent' => 'box' ) + self::SUBSCRIPTION
		);

		$html = $form->form_html();

		preg_match_all( '~<input[^>]*name="(box|other)"[^>]*>~', $html, $inputs );
		$values = array_map( static fn( string $input ) => preg_replace( '~.*value="(\d)".*~', '$1', $input ), $inputs[0] );
		self::assertSame( array( '1', '1', '2' ), $values );
	}

	/** @dataProvider hidings */
	public function test_a_box_whose_group_was_hidden_is_no_consent( array $hidden ): void {
		$form = $this->create_form( '[email your-email][text your-city][group more][newsletter newsletter-1 "Yes."][text shoe][/group]' );

		$this->post( $form, self::FIELDS + array( 'shoe' => '42' ) + $hidden );

		self::assertFalse( $this->consent()['given'] );
		self::assertArrayNotHasKey( 'shoe', $this->row()->submission['fields'], 'what was hidden again was not meant' );
		self::assertArrayNotHasKey( 'newsletter-1', $this->row()->submission['fields'] );
	}

	public function hidings(): array {
		return array(
			'fields and groups' => array(
				array( '_wpcf7cf_hidden_group_fields' => '["newsletter-1","shoe"]', '_wpcf7cf_hidden_groups' => '["more"]' ),
			),
			'with brackets'     => array(
				array( '_wpcf7cf_hidden_group_fields' => '["newsletter-1[]","shoe[]"]', '_wpcf7cf_hidden_groups' => '["more"]' ),
			),
			'fields alone'      => array( array( '_wpcf7cf_hidden_group_fields' => '["newsletter-1","shoe"]' ) ),
		);
	}

	public function test_a_field_that_is_there_twice_is_kept_while_one_of_its_places_is_seen(): void {
		$form = $this->create_form(
			'[group a][email your-email][/group][group b][email your-email][/group][newsletter newsletter-1 "Yes."]'
		);

		$this->post(
			$form,
			self::FIELDS + array( '_wpcf7cf_hidden_group_fields' => '["your-email"]', '_wpcf7cf_hidden_groups' => '["a"]' )
		);

		self::assertSame( 'ann@example.org', $this->row()->submission['fields']['your-email'] );
		self::assertTrue( $this->consent()['given'] );
	}

	public function test_an_address_of_an_earlier_step_is_kept(): void {
		$form = $this->create_form( '[multistep multistep-1 last_step][newsletter newsletter-1 "Yes, send me the newsletter."]' );
		$this->filter(
			'wpcf7_posted_data',
			static fn( array $posted ) => $posted + array( 'your-email' => 'ann@example.org', 'password' => 'x' ),
			1,
			9
		);

		self::assertSame( 'mail_sent', $this->post( $form, array( 'newsletter-1' => '1' ) ) );

		$fields = $this->row()->submission['fields'];
		self::assertSame( 'ann@example.org', $fields['your-email'] );
		self::assertArrayNotHasKey( 'password', $fields, 'nobody named it' );
		self::assertTrue( $this->consent()['given'] );
	}

	public function test_a_box_of_an_earlier_step_proves_the_words_of_that_step(): void {
		$first = $this->create_form(
			'[multistep multistep-1 first_step][email* your-email][newsletter newsletter-1 "Step one."]',
			array()
		);
		$first->set_properties( array( 'gateway_connector' => array() ) );
		$first->save();
		$kept = array();
		$this->filter(
			'wpcf7_posted_data',
			static function ( array $posted ) use ( &$kept ): array {
				$kept = $posted + $kept; // As the plugins for several steps do.
				return $kept;
			},
			1,
			9
		);
		$this->post( $first, self::FIELDS );
		self::assertSame( array(), $this->rows() );

		$last = $this->create_form( '[multistep multistep-2 last_step][text your-city]' );
		$this->post( $last, array( 'your-city' => 'Lyon' ) );

		self::assertSame( array( true, 'Step one.' ), array( $this->consent()['given'], $this->consent()['text'] ) );
		self::assertSame( 'ann@example.org', $this->row()->submission['fields']['your-email'] );
		self::assertStringNotContainsString( Shown_Form::CARRIED, $this->row()->payload );
	}

	public function test_the_tab_offers_the_fields_and_boxes_of_the_other_steps(): void {
		$this->create_form( '[multistep multistep-1 first_step][email* address][newsletter letter "Step one."]' );
		$last = $this->create_form( '[multistep multistep-2 last_step][text your-city]' );

		self::assertSame( '[address] (Contact)', \Gateway_Connector\Form_Fields::labels( $last )['address'] );
		self::assertSame( 'Step one.', \Gateway_Connector\Consent::labels( $last )['letter'] );
		self::assertSame(
			array(),
			\Gateway_Connector\Form_Check::warnings(
				$last,
				new Form_Settings(
					true,
					array( Subscription::from_array( array( 'list' => 'lst_1', 'email' => 'address', 'consent' => 'letter' ) ) )
				)
			)
		);
	}

	public function test_of_a_choice_with_a_hidden_part_the_visible_part_is_sent(): void {
		$form = $this->create_form(
			self::FORM . '[select topic "Sales|internal@shop.example" "Help|help@shop.example"][checkbox more "A|secret-a" "B|secret-b"][radio plain "X" "Y"]'
		);

		$this->post( $form, self::FIELDS + array( 'topic' => 'Sales', 'more' => array( 'B', 'A' ), 'plain' => 'Y' ) );

		$fields = $this->row()->submission['fields'];
		self::assertSame(
			array( array( 'Sales' ), array( 'B', 'A' ), array( 'Y' ) ),
			array( $fields['topic'], $fields['more'], $fields['plain'] )
		);
		self::assertStringNotContainsString( 'internal@shop.example', $this->row()->payload );
	}

	public function test_a_title_arrives_without_entities(): void {
		$form = $this->create_form();
		$form->set_title( 'Ann&#039;s Shop &amp; Co' );
		$form->save();

		$this->post( $form, self::FIELDS );
		do_action( 'gateway_connector_submission', array( 'form' => array( 'id' => 'x', 'title' => 'Ann&#039;s Shop &amp; Co' ) ) );
		$this->filter( 'option_blogname', static fn() => 'Ann&#039;s Shop &amp; Co' );
		do_action( 'gateway_connector_submission', array() );

		self::assertSame(
			array_fill( 0, 3, 'Ann\'s Shop & Co' ),
			array_map( static fn( $row ) => $row->submission['form']['title'], $this->rows() )
		);
	}

	private function consent(): array {
		return $this->row()->submission['subscribe'][0]['consent'];
	}

	/**
	 * The owner changes the form.
	 */
	private function change( WPCF7_ContactForm $form, string $words, array $subscription = array(), string $more = '' ): WPCF7_ContactForm {
		$form->set_properties( array( 'form' => str_replace( 'Yes, send me the newsletter.', $words, self::FORM ) . $more ) );
		( new Form_Settings( true, array( Subscription::from_array( $subscription + self::SUBSCRIPTION ) ) ) )->put_into( $form );
		$form->save();
		return $form;
	}

	/**
	 * What a plugin for several languages does on a page.
	 */
	private function in_locale( string $locale, callable $act ): void {
		$say = static fn() => $locale;
		add_filter( 'locale', $say );
		try {
			$act();
		} finally {
			remove_filter( 'locale', $say );
		}
	}
}
