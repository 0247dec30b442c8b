<?php
/**
 * Taking over from Mailjet's own plugin.
 *
 * @package Gateway_Connector
 */

declare( strict_types=1 );

namespace Gateway_Connector\Tests;

use Gateway_Connector\Form_Settings;
use Gateway_Connector\Gateway_Client;
use Gateway_Connector\Import_Page;
use Gateway_Connector\Lists;
use Gateway_Connector\Mailjet_Settings;
use Gateway_Connector\Notices;
use RuntimeException;
use WPCF7_ContactForm;

final class Mailjet_Import_Test extends Plugin_Test_Case {

	private const BOX = '[checkbox mailjet-opt-in default:0 class:cf7_mailjet_checkbox "Subscribe to our newsletter"]';

	private const OPTIONS = array( 'activate_mailjet_cf7_integration', 'mailjet_cf7_list', 'cf7_email', 'cf7_fromname' );

	protected function setUp(): void {
		parent::setUp();
		$this->set_mailjet( '1', '10234567', '[your-email]', '[your-name]' );
		$this->gateway->then_lists( array( 'lst_1' => 'Offers', 'lst_2' => 'Newsletter' ), array(), array( 'lst_2' => '10234567' ) );
	}

	protected function tearDown(): void {
		array_map( 'delete_option', self::OPTIONS );
		parent::tearDown();
	}

	public function test_one_press_connects_each_form_with_mailjets_box_and_a_submission_subscribes(): void {
		$form  = $this->mailjet_form( "[text* your-name]\n[email* your-email]\n" . self::BOX . "\n[submit]" );
		$plain = $this->mailjet_form( "[email* your-email]\n[submit]" );

		$preview = $this->page();
		self::assertSame( self::BOX, $this->box( $form ), 'a preview changes nothing' );
		self::assertStringContainsString(
			'[newsletter mailjet-opt-in class:cf7_mailjet_checkbox &quot;Subscribe to our newsletter&quot;]',
			$preview
		);
		self::assertMatchesRegularExpression( '~value="lst_2"\s+selected~', $preview );
		self::assertStringContainsString( 'It is the list 10234567 at Mailjet that the Mailjet plugin used.', $preview );

		self::assertStringContainsString( 'Connected: Old.', $this->import( 'lst_2' ) );

		$form = WPCF7_ContactForm::get_instance( $form->id() );
		self::assertSame( '[newsletter mailjet-opt-in class:cf7_mailjet_checkbox "Subscribe to our newsletter"]', $this->box( $form ) );
		$this->post( $form, array( 'your-name' => 'Ann', 'your-email' => 'ann@example.org', 'mailjet-opt-in' => '1' ) );
		$subscription = $this->row()->submission['subscribe'][0];
		self::assertSame(
			array( 'lst_2', 'your-email', 'your-name', true, 'Subscribe to our newsletter' ),
			array(
				$subscription['list'],
				$subscription['email'],
				$subscription['name'],
				$subscription['consent']['given'],
				$subscription['consent']['text'],
			)
		);
		self::assertTrue( Form_Settings::of( WPCF7_ContactForm::get_instance( $plain->id() ) )->is_new() );
	}

	/** @dataProvider mappings */
	public function test_each_way_in_which_mailjet_keeps_a_mapping_is_understood(
		string $email,
		string $name,
		string $expected_name,
		array $properties
	): void {
		$this->set_mailjet( '1', '10234567', $email, $name );
		$form = $this->mailjet_form( '[text first-name][text last-name][email* your-email]' . self::BOX );

		$this->page();
		$this->import( 'lst_2' );

		$chosen = Form_Settings::of( WPCF7_ContactForm::get_instance( $form->id() ) )->subscriptions[0];
		self::assertSame( array( 'your-email', $expected_name, $properties ), array( $chosen->email, $chosen->name, $chosen->properties ) );
	}

	public function mappings(): array {
		return array(
			'as the placeholder says' => array( '[your-email]', '[first-name]', 'first-name', array() ),
			'without brackets'        => array( 'your-email', 'first-name', 'first-name', array() ),
			'with slashes'            => array( '\\[your-email\\]', '\\[first-name\\]', 'first-name', array() ),
			'no name'                 => array( '[your-email]', '', '', array() ),
			'a name of two fields'    => array(
				' [your-email] ',
				'[first-name] [last-name]',
				'first-name',
				array( 'last-name' => 'last-name' ),
			),
			'a name that is gone'     => array( '[your-email]', '[your-name]', '', array() ),
			'an address that is gone' => array( '[email]', '', '', array() ),
		);
	}

	public function test_the_preview_says_what_is_not_as_it_was(): void {
		$this->set_mailjet( '1', '555', '[mail]', '[first-name] [last-name]' );
		$this->mailjet_form( '[text first-name][text last-name][email* your-email][checkbox mailjet-opt-in default:1 "Yes"]' );
		$this->mailjet_form( '[text nobody]' . self::BOX );
		$this->mailjet_form( '[email mail][checkbox mailjet-opt-in]' );
		$connected = $this->create_form( self::FORM . self::BOX );

		$preview = $this->page();

		$notes = array(
			'This form has no field [mail], so the Mailjet plugin never subscribed anybody. [your-email] is used instead.',
			'[first-name] becomes the name, and [last-name] a property.',
			'The box was ticked in advance. It no longer will be',
			'This form has no field for an email address.',
			'The box has no text',
			'This form is already connected to the gateway and stays as it is.',
			'The Mailjet plugin used the list 555 at Mailjet. No list of the gateway uses it',
		);
		foreach ( $notes as $note ) {
			self::assertStringContainsString( $note, $preview );
		}
		$before = Form_Settings::of( WPCF7_ContactForm::get_instance( $connected->id() ) );
		$this->import( 'lst_1' );
		self::assertEquals( $before, Form_Settings::of( WPCF7_ContactForm::get_instance( $connected->id() ) ) );
	}

	public function test_a_list_that_is_not_the_gateways_is_refused(): void {
		$form = $this->mailjet_form( '[email* your-email]' . self::BOX );
		$this->page();

		self::assertStringContainsString( 'Choose the mailing list', $this->import( 'lst_9' ) );
		self::assertSame( self::BOX, $this->box( WPCF7_ContactForm::get_instance( $form->id() ) ) );
	}

	public function test_both_plugins_at_work_are_warned_about_until_one_is_switched_off(): void {
		$this->mailjet_form( '[email* your-email]' . self::BOX );
		self::assertSame( '', $this->warning(), 'the other plugin is not active' );
		$this->filter(
			'option_active_plugins',
			static fn( $plugins ) => array_merge( (array) $plugins, array( Mailjet_Settings::PLUGIN ) )
		);
		self::assertStringContainsString( 'people get two emails', $this->warning() );

		$this->page();
		$this->import( 'lst_2', array( 'switch_off' => '1' ) );

		self::assertSame( '', $this->warning() );
		self::assertSame( '10234567', get_option( 'mailjet_cf7_list' ), 'its settings stay' );
	}

	public function test_where_mailjet_was_never_set_there_is_nothing_to_import(): void {
		$this->set_mailjet( '', '', '', '' );

		self::assertNull( Mailjet_Settings::read() );
		self::assertStringNotContainsString( '<form', $this->page() );
	}

	public function test_only_administrators_import(): void {
		wp_set_current_user( 0 );

		$this->expectException( RuntimeException::class );
		$this->expectExceptionMessage( 'wp_die' );
		$this->import( 'lst_2' );
	}

	private function set_mailjet( string ...$values ): void {
		foreach ( array_combine( self::OPTIONS, $values ) as $option => $value ) {
			update_option( $option, $value );
		}
	}

	private function mailjet_form( string $text ): WPCF7_ContactForm {
		$form = $this->create_form( $text );
		$form->set_properties( array( Form_Settings::PROPERTY => array() ) );
		$form->set_title( 'Old' );
		$form->save();
		return $form;
	}

	private function box( WPCF7_ContactForm $form ): string {
		return preg_match( '/\[\w+ mailjet-opt-in[^\]]*\]/', $form->prop( 'form' ), $found ) ? $found[0] : '';
	}

	private function page(): string {
		return self::output( array( $this->import_page(), 'print' ) );
	}

	private function warning(): string {
		set_current_screen( 'plugins' );
		$warning = self::output( array( $this->import_page(), 'warn' ) );
		set_current_screen( 'dashboard' );
		return $warning;
	}

	private function import( string $list, array $more = array() ): string {
		$_POST    = array( 'list' => $list ) + $more;
		$_REQUEST = array( '_wpnonce' => wp_create_nonce( 'gateway_connector_import' ) );
		$this->end_requests_by_exceptions();
		try {
			$this->import_page()->import();
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
