<?php
/**
 * Contact Form 7's own double opt-in.
 *
 * @package Gateway_Connector
 */

declare( strict_types=1 );

namespace Gateway_Connector\Tests;

use Gateway_Connector\Doi_Settings;
use Gateway_Connector\Notices;
use RuntimeException;

final class Doi_Test extends Plugin_Test_Case {

	private const FIELDS = array( 'your-name' => 'Ann', 'your-email' => 'ann@example.org', 'newsletter-1' => '1' );

	/**
	 * What the module found in the token, for each time it asked.
	 */
	private array $tokens = array();

	protected function setUp(): void {
		parent::setUp();
		$this->tokens = array();
		$this->settings->answer_doi( true );
		$this->filter( 'wpcf7_submit', array( $this, 'ask_as_a_module_does' ), 2, 10 );
	}

	public function ask_as_a_module_does(): void {
		$token = null;
		do_action_ref_array(
			'wpcf7_doi',
			array( 'wpcf7_sendinblue', array( 'email_to' => 'ann@example.org', 'properties' => array() ), &$token ),
		);
		$this->tokens[] = $token;
	}

	public function test_the_module_gets_a_token_and_the_opt_in_is_in_the_spool(): void {
		$this->post( $this->create_form(), self::FIELDS );

		self::assertMatchesRegularExpression( '/^gateway-[0-9a-f-]{36}$/', $this->asked() );
		self::assertTrue( $this->row()->submission['subscribe'][0]['consent']['given'] );
	}

	public function test_without_the_tick_the_module_adds_nobody_either(): void {
		$this->post( $this->create_form(), array_diff_key( self::FIELDS, array( 'newsletter-1' => 1 ) ) );

		self::assertNotNull( $this->asked() );
		self::assertFalse( $this->row()->submission['subscribe'][0]['consent']['given'] );
	}

	public function test_while_the_option_is_off_the_module_goes_on_as_before(): void {
		$this->settings->answer_doi( false );

		$this->post( $this->create_form(), self::FIELDS );

		self::assertNull( $this->asked() );
		self::assertCount( 1, $this->rows() );
	}

	public function test_a_form_without_a_list_stays_with_the_module(): void {
		$this->post( $this->create_form( self::FORM, array( 'list' => '' ) + self::SUBSCRIPTION ), self::FIELDS );

		self::assertNull( $this->asked() );
	}

	public function test_nobody_is_lost_between_the_two_when_the_spool_refuses(): void {
		$form = $this->create_form();
		$this->refuse_storage();

		$this->log_of( fn() => $this->post( $form, self::FIELDS ) );

		self::assertNull( $this->asked() );
	}

	public function test_a_submission_that_the_sites_code_does_not_want_stays_with_the_module(): void {
		$this->filter( 'gateway_connector_filter_submission', '__return_false' );

		$this->post( $this->create_form(), self::FIELDS );

		self::assertNull( $this->asked() );
		self::assertSame( array(), $this->rows() );
	}

	public function test_a_form_that_turns_double_opt_in_off_stays_with_the_module(): void {
		$this->post( $this->create_form( self::FORM, self::SUBSCRIPTION, 'doi: off' ), self::FIELDS );

		self::assertNull( $this->asked() );
	}

	public function test_a_token_of_somebody_else_stays(): void {
		$this->filter(
			'wpcf7_doi',
			static function ( $agent, $args, &$token ): void {
				$token = 'theirs';
			},
			3,
			5
		);

		$this->post( $this->create_form(), self::FIELDS );

		self::assertSame( 'theirs', $this->asked() );
	}

	public function test_contact_form_7s_own_answer_leaves_our_token_alone(): void {
		$this->post( $this->create_form(), self::FIELDS );

		self::assertSame( 10, has_action( 'wpcf7_doi', 'wpcf7_doihelper_start_session' ), 'ours must come before' );
		self::assertStringStartsWith( 'gateway-', $this->asked() );
	}

	public function test_outside_a_submission_there_is_nothing_to_answer(): void {
		$this->forget_submission();

		$this->ask_as_a_module_does();

		self::assertNull( $this->asked() );
	}

	public function test_the_owner_chooses(): void {
		self::assertStringContainsString( "checked='checked'", $this->card() );

		$this->save( array() );

		self::assertFalse( $this->settings->answers_doi() );
		self::assertStringNotContainsString( "checked='checked'", $this->card() );
		$this->save( array( 'answers_doi' => '1' ) );
		self::assertTrue( $this->settings->answers_doi() );
	}

	public function test_only_administrators_choose(): void {
		wp_set_current_user( 0 );

		$this->expectExceptionMessage( 'wp_die' );
		$this->save( array() );
	}

	public function test_a_form_made_for_something_else_chooses_nothing(): void {
		$this->expectExceptionMessage( 'wp_die' );
		$this->save( array(), 'something else' );
	}

	private function asked(): ?string {
		self::assertCount( 1, $this->tokens );
		return $this->tokens[0];
	}

	private function card(): string {
		return self::output( array( new Doi_Settings( $this->settings, new Notices( $this->settings ) ), 'print' ) );
	}

	private function save( array $post, string $nonce = Doi_Settings::ACTION ): void {
		$_POST    = $post;
		$_REQUEST = array( '_wpnonce' => wp_create_nonce( $nonce ) );
		$this->end_requests_by_exceptions();
		try {
			( new Doi_Settings( $this->settings, new Notices( $this->settings ) ) )->save();
		} catch ( RuntimeException $end ) {
			if ( 'redirected' !== $end->getMessage() ) {
				throw $end;
			}
		}
	}
}
