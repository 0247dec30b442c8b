<?php
/**
 * The page "Gateway › Forms".
 *
 * @package Gateway_Connector
 */

declare( strict_types=1 );

namespace Gateway_Connector\Tests;

use Gateway_Connector\Form_Panel;
use Gateway_Connector\Form_Plugins;
use Gateway_Connector\Forms_Page;
use Gateway_Connector\Gateway_Client;
use Gateway_Connector\Lists;
use Gateway_Connector\Notices;
use Gateway_Connector\Plugin_Form_Settings;
use Gateway_Connector\Subscription;
use RuntimeException;

final class Forms_Page_Test extends Form_Plugins_Test_Case {

	protected function setUp(): void {
		parent::setUp();
		$this->gateway->then_lists( array( 'lst_1' => 'Newsletter', 'lst_2' => 'Offers' ) );
	}

	protected function tearDown(): void {
		$_GET = array();
		parent::tearDown();
	}

	public function test_the_list_shows_forms_of_all_plugins_with_the_lists_they_lead_to(): void {
		$contact = $this->create_form();
		$this->connect( 'fluent', array( 'list' => 'lst_2' ) );
		$this->connect( 'gravity', array( 'email' => 'gone' ) );

		$page = $this->page();

		foreach ( array( 'Contact Form 7', 'WPForms', 'Gravity Forms', 'Fluent Forms', 'Ninja Forms', 'Elementor' ) as $plugin ) {
			self::assertStringContainsString( "<td data-column=\"Plugin\">{$plugin}</td>", $page );
		}
		self::assertStringContainsString( "page=wpcf7&post={$contact->id()}&active-tab=", $page );
		self::assertMatchesRegularExpression( '~form=fluent-8".*Fluent Forms</td><td[^>]*><span>Offers</span>~', $page );
		self::assertMatchesRegularExpression( '~form=gravity-7".*Newsletter <strong>Needs a fix</strong></span>~', $page );
		self::assertMatchesRegularExpression( '~form=ninja-9".*<span>Not connected</span>~', $page );
	}

	/** @dataProvider plugins */
	public function test_what_most_owners_choose_is_suggested_and_one_save_connects_the_form( string $plugin ): void {
		list( $name, $email, $town, $box ) = self::IDS[ $plugin ];

		$page = $this->page( $plugin );

		foreach ( array( $name, $email, $box ) as $suggested ) {
			self::assertMatchesRegularExpression( '~<option value="' . preg_quote( $suggested, '~' ) . '"\s+selected~', $page );
		}
		self::assertStringContainsString( 'Nothing is sent to the gateway.', $page );
		$this->save(
			$plugin,
			array(
				'enabled'    => '1',
				'purpose'    => 'subscribe',
				'lists'      => array( array( 'list' => 'lst_2', 'consent' => $box ), array( 'list' => '', 'consent' => '' ) ),
				'email'      => $email,
				'name'       => $name,
				'language'   => 'de',
				'properties' => array( array( 'name' => 'city', 'field' => $town ) ),
				'policy_url' => 'https://shop.example/privacy',
			)
		);

		self::assertStringContainsString(
			'People who tick “' . self::WORDS . '” get a confirmation email at [Email] and join “Offers” once they confirm.',
			$this->page( $plugin )
		);
		$this->submit( $plugin );
		$submission = $this->row()->submission;
		self::assertSame( array( 'lst_2', 'de' ), array( $submission['subscribe'][0]['list'], $submission['form']['locale'] ) );
		self::assertSame( array( 'city' => 'Town' ), $submission['subscribe'][0]['properties'] );
	}

	public function test_saving_one_form_leaves_the_others_as_they_are(): void {
		$this->connect( 'ninja' );
		$before = Plugin_Form_Settings::of( Form_Plugins::form( 'ninja-9' ) );

		$this->save( 'fluent', array( 'enabled' => '1', 'lists' => array( array( 'list' => 'lst_1', 'consent' => 'letter' ) ) ) );

		self::assertEquals( $before, Plugin_Form_Settings::of( Form_Plugins::form( 'ninja-9' ) ) );
	}

	public function test_a_form_only_for_the_newsletter_needs_words_instead_of_a_box(): void {
		$list    = array( 'list' => 'lst_1', 'consent' => Subscription::SENDING );
		$choices = array( 'enabled' => '1', 'lists' => array( $list ), 'email' => 'email' );

		$this->save( 'fluent', $choices );
		self::assertStringContainsString( 'nobody is subscribed yet: choose what the form says.', $this->page( 'fluent' ) );
		$this->save( 'fluent', array( 'words' => 'Get our letter.' ) + $choices );

		self::assertStringContainsString(
			"People who send the form get a confirmation email at [Email] and join “Newsletter” once they confirm.\nLanguage of the email:",
			$this->page( 'fluent' )
		);
	}

	public function test_what_would_stop_sign_ups_is_said_before_a_visitor_meets_it(): void {
		$this->connect( 'elementor', array( 'list' => 'lst_gone', 'email' => 'mail' ) );

		$page = $this->page( 'elementor' );

		self::assertStringContainsString( 'The field [mail] is used here but is no longer in the form.', $page );
		self::assertStringContainsString( 'A mailing list that was chosen here no longer exists at the gateway.', $page );
		self::assertStringContainsString( 'mail (not found)', $page );
	}

	public function test_the_page_offers_nothing_that_only_contact_form_7_can_do(): void {
		$page = $this->page( 'wpforms' );

		self::assertStringNotContainsString( 'Insert into the form', $page );
		self::assertStringNotContainsString( 'look into their mailbox', $page );
	}

	public function test_a_form_that_is_gone_is_said_to_be_gone(): void {
		self::assertStringContainsString( 'This form no longer exists.', $this->save_key( 'wpforms-999999', array( 'enabled' => '1' ) ) );
		self::assertFalse( get_option( Plugin_Form_Settings::OPTION ) );
	}

	public function test_only_administrators_choose(): void {
		wp_set_current_user( 0 );

		$this->expectException( RuntimeException::class );
		$this->expectExceptionMessage( 'wp_die' );
		$this->save( 'fluent', array( 'enabled' => '1' ) );
	}

	private function page( string $plugin = '' ): string {
		$_GET = '' === $plugin ? array() : array( 'form' => $this->key( $plugin ) );
		return html_entity_decode( self::output( array( $this->forms_page(), 'print' ) ), ENT_QUOTES | ENT_HTML5 );
	}

	private function save( string $plugin, array $input ): string {
		return $this->save_key( $this->key( $plugin ), $input );
	}

	private function save_key( string $key, array $input ): string {
		$_POST    = wp_slash( array( 'form' => $key, Form_Panel::INPUT => $input ) );
		$_REQUEST = array( '_wpnonce' => wp_create_nonce( Forms_Page::SAVE ) );
		$this->end_requests_by_exceptions();
		try {
			$this->forms_page()->save();
		} catch ( RuntimeException $end ) {
			if ( 'redirected' !== $end->getMessage() ) {
				throw $end;
			}
		}
		return self::output( array( new Notices( $this->settings ), 'print' ) );
	}

	private function forms_page(): Forms_Page {
		return new Forms_Page( $this->settings, new Lists( new Gateway_Client( $this->settings ) ), new Notices( $this->settings ) );
	}
}
