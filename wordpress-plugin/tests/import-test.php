<?php
/**
 * Bringing along what other plugins for newsletters were set to.
 *
 * @package Gateway_Connector
 */

declare( strict_types=1 );

namespace Gateway_Connector\Tests;

use Gateway_Connector\Checkout_Settings;
use Gateway_Connector\Flamingo_Csv;
use Gateway_Connector\Flamingo_Inbox;
use Gateway_Connector\Form_Settings;
use Gateway_Connector\Gateway_Client;
use Gateway_Connector\Import_Page;
use Gateway_Connector\Lists;
use Gateway_Connector\Notices;
use RuntimeException;
use WPCF7_ContactForm;

final class Import_Test extends Plugin_Test_Case {

	private const BREVO_FORM = "[text* your-name]\n[text your-firstname]\n[email* your-email]\n"
		. "[acceptance letter optional consent_for:sendinblue]Yes, send me the letter.[/acceptance]\n[submit]";

	private const MC4WP_FORM = '<p><input type="email" name="EMAIL" required /></p><p><input type="text" name="FNAME" /></p>'
		. '<p><input name="PHONE" /></p><label><input name="AGREE_TO_TERMS" type="checkbox" value="1" /> I want <b>offers</b>.</label>';

	private array $posts = array();

	protected function setUp(): void {
		parent::setUp();
		// Contact Form 7's module declares the property.
		$this->filter( 'wpcf7_pre_construct_contact_form_properties', static fn( $all ) => $all + array( 'sendinblue' => array() ) );
		$this->gateway->then(
			200,
			array(
				'site'  => array( 'name' => 'Test Shop' ),
				'items' => array(
					array( 'id' => 'lst_1', 'name' => 'Newsletter', 'provider' => 'brevo', 'providerList' => '7' ),
					array( 'id' => 'lst_2', 'name' => 'Offers', 'provider' => 'mailchimp', 'providerList' => 'a1b2c3' ),
				),
			)
		);
	}

	protected function tearDown(): void {
		delete_option( 'mc4wp_integrations' );
		foreach ( $this->posts as $post ) {
			wp_delete_post( $post, true );
		}
		parent::tearDown();
	}

	public function test_where_no_other_plugin_was_ever_set_the_page_says_what_it_could_bring_along(): void {
		$page = $this->page();

		self::assertStringContainsString( 'Nothing was found.', $page );
		self::assertStringNotContainsString( '<form', $page );
	}

	public function test_forms_that_brevo_added_people_by_are_connected_and_brevo_adds_nobody_any_more(): void {
		$form = $this->brevo_form( self::BREVO_FORM, array( 'contact_lists' => array( 7 ), 'enable_transactional_email' => true ) );

		$page = $this->page();

		self::assertMatchesRegularExpression( '~value="lst_1"\s+selected~', $page, 'the list that is the same one is chosen' );
		self::assertStringContainsString( 'Yes, send me the letter.', $page );
		self::assertStringContainsString( 'The welcome email of Brevo is no longer sent', $page );
		self::assertTrue( Form_Settings::of( $this->reload( $form ) )->is_new(), 'looking changes nothing' );

		self::assertStringContainsString( 'Imported: Old.', $this->import( 'brevo', array( '7' => 'lst_1' ) ) );

		$form = $this->reload( $form );
		$brevo = $form->prop( 'sendinblue' );
		self::assertSame( array( false, array( 7 ) ), array( $brevo['enable_contact_list'], $brevo['contact_lists'] ) );
		$sent = array( 'your-name' => 'Ann Lee', 'your-firstname' => 'Ann', 'your-email' => 'ann@example.org', 'letter' => '1' );
		$this->post( $form, $sent );
		$subscription = $this->row()->submission['subscribe'][0];
		self::assertSame(
			array( 'lst_1', 'your-email', 'your-name', array( 'FIRSTNAME' => 'your-firstname' ), true, 'Yes, send me the letter.' ),
			array(
				$subscription['list'],
				$subscription['email'],
				$subscription['name'],
				$subscription['properties'],
				$subscription['consent']['given'],
				$subscription['consent']['text'],
			)
		);
	}

	public function test_doing_it_twice_changes_nothing(): void {
		$form = $this->brevo_form( self::BREVO_FORM, array( 'contact_lists' => array( 7 ) ) );
		$this->page();
		$this->import( 'brevo', array( '7' => 'lst_1' ) );
		$before = Form_Settings::of( $this->reload( $form ) );

		self::assertStringContainsString( 'There was nothing to import.', $this->import( 'brevo', array( '7' => 'lst_2' ) ) );
		self::assertEquals( $before, Form_Settings::of( $this->reload( $form ) ) );
		self::assertStringContainsString( 'Nothing was found.', $this->page() );
	}

	public function test_a_box_that_brevo_did_not_ask_for_is_shown_to_be_checked(): void {
		$this->brevo_form( '[email* your-email][acceptance ok]I read the policy.[/acceptance]', array( 'contact_lists' => array( 7 ) ) );

		self::assertStringContainsString( 'Check that the text of this one is the consent to the list.', $this->page() );
	}

	/** @dataProvider hopeless */
	public function test_what_cannot_be_brought_along_is_named_with_the_reason( string $text, array $lists, string $reason ): void {
		$form = $this->brevo_form( $text, array( 'contact_lists' => $lists ) );

		self::assertStringContainsString( $reason, $this->page() );
		$this->import( 'brevo', array( '7' => 'lst_1' ) );

		self::assertTrue( Form_Settings::of( $this->reload( $form ) )->is_new() );
		self::assertTrue( $this->reload( $form )->prop( 'sendinblue' )['enable_contact_list'], 'Brevo goes on as before' );
	}

	public function hopeless(): array {
		return array(
			'no box'     => array( '[email* your-email][submit]', array( 7 ), 'The form has no box that is the consent.' ),
			'no address' => array( '[text name][acceptance ok]Yes.[/acceptance]', array( 7 ), 'This form has no field for an email' ),
			'no words'   => array( '[email* your-email][acceptance ok][/acceptance]', array( 7 ), 'The box has no text' ),
			'no list'    => array( self::BREVO_FORM, array(), 'No list is chosen there' ),
		);
	}

	public function test_each_of_several_lists_must_be_chosen(): void {
		$form = $this->brevo_form( self::BREVO_FORM, array( 'contact_lists' => array( 7, 8 ) ) );
		$this->page();

		foreach ( array( array( '7' => 'lst_1' ), array( '7' => 'lst_1', '8' => 'lst_9' ) ) as $incomplete ) {
			self::assertStringContainsString( 'Choose the mailing list', $this->import( 'brevo', $incomplete ) );
			self::assertTrue( Form_Settings::of( $this->reload( $form ) )->is_new() );
		}
		$this->import( 'brevo', array( '7' => 'lst_1', '8' => 'lst_2' ) );

		self::assertSame( array( 'lst_1', 'lst_2' ), array_column( Form_Settings::of( $this->reload( $form ) )->subscriptions, 'list' ) );
	}

	public function test_mc4wps_box_in_a_form_becomes_ours_with_its_words(): void {
		$this->set_mc4wp( array( 'contact-form-7' => array( 'lists' => array( 'a1b2c3' ), 'label' => 'Sign me up!', 'precheck' => 1 ) ) );
		$named = $this->old_form( '[email* your-email][mc4wp_checkbox "It is $5 \1 well spent"][newsletter newsletter-1 "Other"]' );
		$plain = $this->old_form( '[email* your-email][mc4wp_checkbox][submit]' );

		$page = $this->page();
		self::assertMatchesRegularExpression( '~value="lst_2"\s+selected~', $page );
		self::assertStringContainsString( 'The box was ticked in advance. It no longer will be', $page );
		$this->import( 'mc4wp', array( 'a1b2c3' => 'lst_2' ) );

		self::assertStringContainsString( '[newsletter newsletter-2 "It is $5 \1 well spent"]', $this->reload( $named )->prop( 'form' ) );
		self::assertStringContainsString( '[newsletter newsletter-1 "Sign me up!"]', $this->reload( $plain )->prop( 'form' ) );
		$this->post( $this->reload( $plain ), array( 'your-email' => 'ann@example.org', 'newsletter-1' => '1' ) );
		$subscription = $this->row()->submission['subscribe'][0];
		$consent      = $subscription['consent'];
		self::assertSame( array( 'lst_2', true, 'Sign me up!' ), array( $subscription['list'], $consent['given'], $consent['text'] ) );
		self::assertStringNotContainsString( '<form', $this->page(), 'nothing is left to import' );
	}

	public function test_mc4wps_own_forms_become_ours_on_the_pages_that_show_them(): void {
		$form    = $this->create_post( 'mc4wp-form', 'Footer "A"', self::MC4WP_FORM );
		$unused  = $this->create_post( 'mc4wp-form', 'Unused', self::MC4WP_FORM );
		$content = "<script>1</script><p>Join \\ us</p>[mc4wp_form id=\"{$form}\"] [mc4wp_form id=\"99999\"]";
		$classic = $this->create_post( 'page', 'Classic', $content );
		$blocks  = $this->create_post( 'page', 'Blocks', "<!-- wp:mailchimp-for-wp/form {\"id\":{$form}} /-->" );
		foreach ( array( $form, $unused ) as $one ) {
			update_post_meta( $one, '_mc4wp_settings', array( 'lists' => array( 'a1b2c3' ) ) );
		}

		$page = $this->page();
		self::assertStringContainsString( 'Classic, Blocks', $page );
		self::assertStringContainsString( 'It no longer asks for: PHONE.', $page );
		self::assertStringContainsString( 'It is on no page.', $page );
		self::assertStringContainsString( '[mc4wp_form', get_post( $classic )->post_content, 'looking changes nothing' );
		kses_init_filters(); // Whoever imports may not write scripts, as on a network.
		$this->import( 'mc4wp', array( 'a1b2c3' => 'lst_2' ) );
		kses_init();

		self::assertSame(
			'<script>1</script><p>Join \\ us</p>'
				. '[gateway_connector_subscribe list="lst_2" name="yes" label="I want offers." title="Footer &quot;A&quot;"]'
				. ' [mc4wp_form id="99999"]',
			get_post( $classic )->post_content
		);
		$block = parse_blocks( get_post( $blocks )->post_content )[0];
		self::assertSame( 'gateway-connector/subscribe', $block['blockName'] );
		$ours = $block['attrs'];
		self::assertSame( array( 'lst_2', true, 'I want offers.' ), array( $ours['list'], $ours['name'], $ours['label'] ) );
		self::assertStringContainsString( 'There was nothing to import.', $this->import( 'mc4wp', array( 'a1b2c3' => 'lst_1' ) ) );
	}

	public function test_mc4wps_box_at_the_checkout_becomes_ours_once(): void {
		$this->set_mc4wp( array( 'woocommerce' => array( 'enabled' => 1, 'lists' => array( 'a1b2c3' ), 'label' => 'Send me offers.' ) ) );
		$this->page();

		$this->import( 'mc4wp', array( 'a1b2c3' => 'lst_2' ) );

		$box = Checkout_Settings::load();
		self::assertSame( array( true, 'lst_2', 'Send me offers.' ), array( $box->is_active(), $box->list, $box->label ) );
		self::assertSame( 0, get_option( 'mc4wp_integrations' )['woocommerce']['enabled'] );
		$this->set_mc4wp( array( 'woocommerce' => array( 'enabled' => 1, 'lists' => array( 'a1b2c3' ), 'label' => 'Other' ) ) );
		$this->import( 'mc4wp', array( 'a1b2c3' => 'lst_1' ) );
		self::assertSame( 'lst_2', Checkout_Settings::load()->list, 'what the owner has since then stays' );
	}

	public function test_mc4wps_other_boxes_are_named_with_what_to_do_instead(): void {
		$on = array( 'enabled' => 1 );
		$this->set_mc4wp( array( 'wp-registration-form' => $on, 'wpforms' => $on, 'give' => array( 'enabled' => 0 ) ) );

		$page = $this->page();

		self::assertStringContainsString( 'Choose under Gateway › Users who joins which list', $page );
		self::assertStringContainsString( 'choose it under Gateway › Forms', $page );
		self::assertStringNotContainsString( 'give', $page );
		self::assertStringNotContainsString( '<form', $page );
	}

	public function test_the_gateway_takes_over_from_the_double_opt_in_helper_and_says_who_still_waits_there(): void {
		register_post_type( 'doihelper_entry' );
		$this->posts[] = wp_insert_post(
			array(
				'post_type'   => 'doihelper_entry',
				'post_status' => 'future',
				'post_title'  => 'x',
				'post_date'   => gmdate( 'Y-m-d H:i:s', time() + HOUR_IN_SECONDS ),
			)
		);

		self::assertStringContainsString( '1 person was asked by that plugin and has not answered.', $this->page() );
		self::assertFalse( $this->settings->answers_doi() );
		$this->import( 'doihelper', array() );

		self::assertTrue( $this->settings->answers_doi() );
		self::assertStringContainsString( 'Nothing was found.', $this->page() );
	}

	public function test_flamingos_messages_are_grouped_by_what_people_agreed_to_and_each_group_is_a_file(): void {
		$this->message( 'ann@example.org', 'Ann', array( 'letter' => 'Yes, send me the <b>letter</b>.' ), '2024-03-01 10:00:00' );
		$this->message( 'ANN@example.org', 'Ann Lee', array( 'letter' => 'Yes, send me the letter.' ), '2025-03-01 10:00:00' );
		$this->message( 'bob@example.org', '=cmd', array( 'letter' => 'Yes, send me the letter.', 'privacy' => 'I read it.' ) );
		$this->message( 'eve@example.org', 'Eve', array() );
		$this->message( 'spam@example.org', 'Spam', array( 'letter' => 'Yes, send me the letter.' ), '2024-03-01 10:00', 'flamingo-spam' );

		$page = $this->page();

		self::assertStringContainsString( '“Yes, send me the letter.” — 2 people', $page );
		self::assertStringContainsString( '“I read it.” — 1 person', $page );
		self::assertStringContainsString( '1 message states no consent', $page );
		self::assertSame(
			"email,name,consent,agreed_at,source\n"
				. "ann@example.org,Ann,\"Yes, send me the letter.\",2024-03-01T10:00:00Z,https://shop.example/contact/\n"
				. "bob@example.org,'=cmd,\"Yes, send me the letter.\",2024-05-01T08:00:00Z,https://shop.example/contact/\n",
			$this->csv( 'Yes, send me the letter.' )
		);
		self::assertSame( "email,name,consent,agreed_at,source\n", $this->csv( 'Yes, sell my address.' ) );
		self::assertSame( array(), $this->rows(), 'nobody is asked, and nobody joins, by looking or downloading' );
	}

	/** @dataProvider actions */
	public function test_only_administrators_import( string $act ): void {
		wp_set_current_user( 0 );

		$this->expectException( RuntimeException::class );
		$this->expectExceptionMessage( 'wp_die' );
		$this->end_requests_by_exceptions();
		'download' === $act ? ( new Flamingo_Csv( new Flamingo_Inbox() ) )->download() : $this->import_page()->import_from();
	}

	public function actions(): array {
		return array( 'settings' => array( 'import' ), 'addresses' => array( 'download' ) );
	}

	private function old_form( string $text ): WPCF7_ContactForm {
		$form = $this->create_form( $text );
		$form->set_properties( array( Form_Settings::PROPERTY => array() ) );
		$form->set_title( 'Old' );
		$form->save();
		return $form;
	}

	private function brevo_form( string $text, array $settings ): WPCF7_ContactForm {
		$form = $this->old_form( $text );
		$form->set_properties( array( 'sendinblue' => array( 'enable_contact_list' => true ) + $settings ) );
		$form->save();
		return $form;
	}

	private function reload( WPCF7_ContactForm $form ): WPCF7_ContactForm {
		return WPCF7_ContactForm::get_instance( $form->id() );
	}

	private function set_mc4wp( array $integrations ): void {
		update_option( 'mc4wp_integrations', $integrations );
	}

	private function create_post( string $type, string $title, string $content ): int {
		register_post_type( 'mc4wp-form' );
		$post          = wp_insert_post(
			wp_slash(
				array(
					'post_type'    => $type,
					'post_status'  => 'publish',
					'post_title'   => $title,
					'post_content' => $content,
				)
			)
		);
		$this->posts[] = $post;
		return $post;
	}

	/**
	 * A message as Flamingo keeps it.
	 */
	private function message(
		string $email,
		string $name,
		array $consent,
		string $sent_at = '2024-05-01 08:00:00',
		string $status = 'publish'
	): void {
		register_post_type( 'flamingo_inbound' );
		register_post_status( 'flamingo-spam' );
		$post = wp_insert_post(
			array(
				'post_type'     => 'flamingo_inbound',
				'post_status'   => $status,
				'post_title'    => 'Contact',
				'post_date'     => $sent_at,
				'post_date_gmt' => $sent_at,
			)
		);
		update_post_meta( $post, '_from_email', $email );
		update_post_meta( $post, '_from_name', $name );
		update_post_meta( $post, '_consent', $consent );
		update_post_meta( $post, '_meta', array( 'url' => 'https://shop.example/contact/', 'remote_ip' => '203.0.113.7' ) );
		$this->posts[] = $post;
	}

	private function csv( string $words ): string {
		$file = fopen( 'php://memory', 'w+' );
		( new Flamingo_Csv( new Flamingo_Inbox() ) )->write( $file, $words );
		rewind( $file );
		return (string) stream_get_contents( $file );
	}

	private function page(): string {
		return html_entity_decode( self::output( array( $this->import_page(), 'print' ) ), ENT_QUOTES | ENT_HTML5 );
	}

	private function import( string $source, array $lists ): string {
		$_POST    = array( 'source' => $source, 'lists' => $lists );
		$_REQUEST = array( '_wpnonce' => wp_create_nonce( Import_Page::IMPORT_FROM ) );
		$this->end_requests_by_exceptions();
		try {
			$this->import_page()->import_from();
		} catch ( RuntimeException $end ) {
			if ( 'redirected' !== $end->getMessage() ) {
				throw $end;
			}
		}
		return self::output( array( new Notices( $this->settings ), 'print' ) );
	}

	private function import_page(): Import_Page {
		return new Import_Page( $this->settings, new Lists( new Gateway_Client( $this->settings ) ), new Notices( $this->settings ) );
	}
}
