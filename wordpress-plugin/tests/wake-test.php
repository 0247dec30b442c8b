<?php
/**
 * The visitor's browser starts the sending.
 *
 * @package Gateway_Connector
 */

declare( strict_types=1 );

namespace Gateway_Connector\Tests;

use WP_REST_Request;

final class Wake_Test extends Plugin_Test_Case {

	protected function setUp(): void {
		parent::setUp();
		delete_transient( 'gateway_connector_woken' );
		wp_set_current_user( 0 );
	}

	public function test_a_visitors_browser_makes_what_waits_go_out(): void {
		$this->spool_submission();
		$this->gateway->then_items( 202 );

		self::assertSame( 204, $this->wake() );

		self::assertSame( 'delivered', $this->row()->state );
	}

	public function test_it_tells_nothing_and_does_nothing_when_nothing_waits_or_somebody_calls_again_and_again(): void {
		self::assertSame( 204, $this->wake() );
		$this->spool_submission();
		$this->gateway->then_items( 202 );
		$this->wake();
		$this->spool_submission();

		self::assertSame( 204, $this->wake() );

		self::assertCount( 1, $this->gateway->requests );
	}

	public function test_a_pause_and_a_wait_hold_for_it_too(): void {
		$this->spool_submission();
		$this->settings->hold( 60 );
		$this->wake();
		$this->settings->hold( 0 );
		$this->settings->pause( 'refused' );
		$this->wake();

		self::assertSame( array(), $this->gateway->requests );
	}

	public function test_a_page_with_a_form_has_the_script_only_where_nothing_else_sends_at_once(): void {
		$form = $this->create_form();
		wp_dequeue_script( 'gateway-connector-wake' ); // Another test's.
		$this->filter( 'gateway_connector_wake', static fn() => false );
		$this->seal( $form );
		self::assertFalse( wp_script_is( 'gateway-connector-wake' ) );

		$this->filter( 'gateway_connector_wake', static fn() => true, 1, 60 );
		$this->seal( $form );

		self::assertTrue( wp_script_is( 'gateway-connector-wake' ) );
	}

	private function wake(): int {
		return rest_do_request( new WP_REST_Request( 'POST', '/gateway-connector/v1/wake' ) )->get_status();
	}
}
