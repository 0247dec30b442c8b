<?php
/**
 * Sign-ups of a form of any kind.
 *
 * @package Gateway_Connector
 */

declare( strict_types=1 );

namespace Gateway_Connector\Tests;

use WP_Error;

final class Subscribe_Api_Test extends Plugin_Test_Case {

	private const SIGN_UP = array(
		'email'   => 'ann@example.org',
		'list'    => 'lst_1',
		'consent' => 'Yes, send me the <b>letter</b>.',
	);

	public function test_address_list_and_words_are_enough(): void {
		self::assertTrue( gateway_connector_subscribe( self::SIGN_UP ) );

		$submission = $this->row()->submission;
		self::assertSame( array(), $this->gateway->requests, 'the visitor does not wait for the gateway' );
		self::assertSame( array( 'email' => 'ann@example.org' ), $submission['fields'] );
		self::assertSame(
			array(
				array(
					'list'       => 'lst_1',
					'email'      => 'email',
					'properties' => array(),
					'consent'    => array( 'given' => true, 'text' => 'Yes, send me the letter.' ),
				),
			),
			$submission['subscribe']
		);
		self::assertSame(
			array( 'code', home_url( '/contact/' ), 'en_US' ),
			array( $submission['form']['id'], $submission['form']['url'], $submission['form']['locale'] )
		);
		self::assertSame( array( 'ip' => '203.0.113.7', 'userAgent' => 'Mozilla/5.0 (Test)' ), $submission['visitor'] );
		self::assertLessThan( 5, abs( time() - strtotime( $submission['submittedAt'] ) ) );
	}

	public function test_everything_else_that_is_known_goes_along(): void {
		gateway_connector_subscribe(
			array(
				'list'           => array( 'lst_1', 'lst_2', 'lst_1' ),
				'name'           => "Ann O'Brien",
				'fields'         => array( 'town' => 'Lyon', 'topics' => array( 'news', 'offers' ) ),
				'properties'     => array( 'city' => 'town', 'CITY' => 'town', 'gone' => 'nowhere', 'full name' => 'name' ),
				'form'           => 'Footer of the shop',
				'page'           => 'https://shop.example/landing/',
				'language'       => 'fr_FR',
				'policy_url'     => 'https://shop.example/privacy',
				'policy_version' => '2026-05',
				'ip'             => '198.51.100.9',
				'user_agent'     => 'Kiosk',
			) + self::SIGN_UP
		);

		$submission = $this->row()->submission;
		self::assertSame(
			array(
				'id'     => 'code-footer-of-the-shop',
				'title'  => 'Footer of the shop',
				'url'    => 'https://shop.example/landing/',
				'locale' => 'fr_FR',
			),
			$submission['form']
		);
		self::assertSame(
			array( 'email' => 'ann@example.org', 'name' => "Ann O'Brien", 'town' => 'Lyon', 'topics' => array( 'news', 'offers' ) ),
			$submission['fields']
		);
		self::assertSame( array( 'lst_1', 'lst_2' ), array_column( $submission['subscribe'], 'list' ) );
		self::assertSame( array( 'city' => 'town', 'full name' => 'name' ), $submission['subscribe'][1]['properties'] );
		self::assertSame(
			array(
				'given'         => true,
				'text'          => 'Yes, send me the letter.',
				'policyUrl'     => 'https://shop.example/privacy',
				'policyVersion' => '2026-05',
			),
			$submission['subscribe'][0]['consent']
		);
		self::assertSame( array( 'ip' => '198.51.100.9', 'userAgent' => 'Kiosk' ), $submission['visitor'] );
	}

	/** @dataProvider mistakes */
	public function test_what_cannot_be_right_is_refused_with_a_sentence_for_the_visitor(
		array $change,
		string $code,
		string $says
	): void {
		$error = gateway_connector_subscribe( $change + self::SIGN_UP );

		self::assertInstanceOf( WP_Error::class, $error );
		self::assertSame( $code, $error->get_error_code() );
		self::assertStringContainsString( $says, $error->get_error_message() );
		self::assertSame( array(), $this->rows() );
	}

	public function mistakes(): array {
		return array(
			'no address'          => array( array( 'email' => '' ), 'email', 'complete email address' ),
			'half an address'     => array( array( 'email' => 'ann@' ), 'email', 'complete email address' ),
			'a list of addresses' => array( array( 'email' => array( 'ann@example.org' ) ), 'email', 'complete email address' ),
			'no list'             => array( array( 'list' => array( '', null ) ), 'list', 'Choose the mailing list' ),
			'no words'            => array( array( 'consent' => '<p> </p>' ), 'box', 'tick the box' ),
		);
	}

	public function test_a_flood_from_one_address_is_stopped_but_not_what_code_hands_in_for_others(): void {
		$this->filter( 'gateway_connector_visitor_limit', static fn() => 2 );
		gateway_connector_subscribe( self::SIGN_UP );
		gateway_connector_subscribe( self::SIGN_UP );

		self::assertSame( 'many', gateway_connector_subscribe( self::SIGN_UP )->get_error_code() );
		self::assertTrue( gateway_connector_subscribe( array( 'ip' => '198.51.100.9' ) + self::SIGN_UP ) );
		self::assertCount( 3, $this->rows() );
	}

	public function test_nobody_is_told_thank_you_when_nothing_can_be_written(): void {
		$this->refuse_storage();

		self::assertSame( 'lost', gateway_connector_subscribe( self::SIGN_UP )->get_error_code() );
	}

	public function test_the_sites_filter_sees_it_and_may_want_none(): void {
		$this->filter( 'gateway_connector_filter_submission', '__return_false' );

		self::assertTrue( gateway_connector_subscribe( self::SIGN_UP ) );
		self::assertSame( array(), $this->rows() );
	}

	public function test_the_action_does_the_same(): void {
		do_action( 'gateway_connector_subscribe', self::SIGN_UP );

		self::assertSame( 'lst_1', $this->row()->submission['subscribe'][0]['list'] );
	}

	public function test_what_the_action_did_not_take_goes_to_the_log_without_naming_anybody(): void {
		$said = $this->log_of( static fn() => do_action( 'gateway_connector_subscribe', array( 'consent' => '' ) + self::SIGN_UP ) );

		self::assertStringContainsString( 'was not taken: box.', $said );
		self::assertStringNotContainsString( 'ann@example.org', $said );
	}

	public function test_the_action_given_something_else_tells_the_developer(): void {
		$hooks = array();
		$this->filter(
			'doing_it_wrong_run',
			static function ( string $hook ) use ( &$hooks ): void {
				$hooks[] = $hook;
			}
		);
		$this->filter( 'doing_it_wrong_trigger_error', '__return_false' );

		do_action( 'gateway_connector_subscribe', 'ann@example.org' );

		self::assertSame( array( 'gateway_connector_subscribe' ), $hooks );
		self::assertSame( array(), $this->rows() );
	}
}
