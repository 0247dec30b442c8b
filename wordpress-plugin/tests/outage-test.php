<?php
/**
 * A gateway that is down, busy, or does not let us in.
 *
 * @package Gateway_Connector
 */

declare( strict_types=1 );

namespace Gateway_Connector\Tests;

use Gateway_Connector\Sender;
use WP_Error;

final class Outage_Test extends Plugin_Test_Case {

	/** @dataProvider failures */
	public function test_a_failed_request_comes_due_later( $status, string $says ): void {
		$this->spool_submission();
		$this->gateway->then( $status );

		$this->send();

		$row = $this->row();
		self::assertSame( 'waiting', $row->state );
		self::assertStringContainsString( $says, $row->last_error );
		self::assertGreaterThan( 50, $this->seconds_until_due( $row ) );
		self::assertCount( 1, $this->gateway->requests, 'a gateway that is down is asked once' );
		self::assertSame( '', $this->settings->pause_reason() );
	}

	public function failures(): array {
		return array(
			'500'       => array( 500, '500' ),
			'503'       => array( 503, '503' ),
			'408'       => array( 408, '408' ),
			'425'       => array( 425, '425' ),
			'redirect'  => array( 301, '301' ),
			'no answer' => array(
				new WP_Error( 'http_request_failed', 'cURL error 28: Operation timed out after 10000 milliseconds' ),
				'in time',
			),
			'nonsense'  => array( 200, 'it is not a gateway' ),
		);
	}

	public function test_retry_after_is_honoured_also_for_what_comes_in_meanwhile(): void {
		$this->spool_submission();
		$this->gateway->then( 429, array(), array( 'retry-after' => '600' ) );
		$this->send();
		self::assertEqualsWithDelta( 600, $this->seconds_until_due( $this->row() ), 5 );

		$this->spool_submission();
		$this->send();

		self::assertCount( 1, $this->gateway->requests );
		self::assertEqualsWithDelta( 600, $this->settings->held_until() - time(), 5 );
	}

	/** @dataProvider shut_outs */
	public function test_being_shut_out_pauses_the_spool_until_somebody_resumes( int $status ): void {
		$this->spool_submission();
		$this->gateway->then( $status );
		$this->send();
		self::assertNotSame( '', $this->settings->pause_reason() );
		self::assertSame( array( 'waiting', '0' ), array( $this->row()->state, (string) $this->row()->attempts ) );

		$this->send();
		self::assertCount( 1, $this->gateway->requests, 'nothing is asked while paused' );

		$this->settings->resume();
		$this->gateway->then_items( 202 );
		$this->send();
		self::assertSame( 'delivered', $this->row()->state );
	}

	public function shut_outs(): array {
		return array( array( 401 ), array( 403 ), array( 404 ), array( 405 ), array( 407 ), array( 410 ) );
	}

	/** @dataProvider clocks */
	public function test_a_wrong_clock_is_corrected_at_once_and_for_good( string $member, string $header ): void {
		$time = time() + 3600;
		$this->spool_submission();
		$this->gateway->then(
			401,
			array( 'code' => 'clock_skew', $member => gmdate( 'Y-m-d\TH:i:s\Z', $time ) ),
			array( $header => gmdate( 'D, d M Y H:i:s', $time ) . ' GMT' )
		);
		$this->gateway->then_items( 202 );

		$this->send();

		self::assertSame( 'delivered', $this->row()->state );
		self::assertEqualsWithDelta( 3600, $this->settings->clock_offset(), 5 );
		$this->assert_signed( $this->gateway->requests[1], time() + 3600 );
	}

	public function clocks(): array {
		return array(
			'from the problem'     => array( 'serverTime', 'x-unused' ),
			'from the Date header' => array( 'unused', 'date' ),
		);
	}

	public function test_a_clock_that_cannot_be_corrected_is_tried_again_later(): void {
		$this->spool_submission();
		$skew = array( 'code' => 'clock_skew', 'serverTime' => '2030-01-01T00:00:00Z' );
		$this->gateway->then( 401, $skew );
		$this->gateway->then( 401, $skew );

		$this->send();

		self::assertCount( 2, $this->gateway->requests );
		self::assertSame( array( 'waiting', '' ), array( $this->row()->state, $this->settings->pause_reason() ) );
		self::assertStringContainsString( 'clock', $this->row()->last_error );
	}

	public function test_nothing_overtakes_what_a_dead_gateway_could_not_take(): void {
		for ( $i = 0; $i <= Sender::BATCH_ITEMS; $i++ ) {
			$this->spool_submission();
		}
		$this->gateway->then( 503 );
		$this->send();
		$this->spool_submission();
		$this->send();
		self::assertCount( 1, $this->gateway->requests );
		$delay = $this->settings->held_until() - time();
		self::assertGreaterThan( 50, $delay );
		self::assertLessThanOrEqual( 75, $delay );

		$this->make_due();
		$this->settings->hold( 0 );
		$this->gateway->then_items( 202 );
		$this->gateway->then_items( 202 );
		$this->send();

		self::assertSame( array_column( $this->rows(), 'submission_key' ), $this->received_keys( 1 ) );
	}

	public function test_a_row_that_breaks_the_gateway_again_and_again_stops_blocking_the_others(): void {
		foreach ( array( 'a', 'bad', 'c' ) as $name ) {
			$this->spool_submission( array( 'fields' => array( 'your-name' => $name ) ) );
		}
		for ( $attempt = 1; $attempt <= 5; $attempt++ ) {
			$this->gateway->then( 500 );
			$this->make_due();
			$this->settings->hold( 0 );
			$this->send();
			self::assertSame( 3, $this->records->counts()['waiting'] );
			self::assertGreaterThan( time(), $this->settings->held_until() );
		}
		$this->gateway->then( 500 ); // All three.
		$this->gateway->then( 500 ); // The first two.
		$this->gateway->then_items( 202 ); // The first.
		$this->gateway->then( 500, array( 'detail' => 'Something broke.' ) ); // The second.
		$this->gateway->then_items( 202 ); // The third.
		$this->make_due();
		$this->settings->hold( 0 );

		$this->send();

		self::assertSame( array( 'delivered', 'waiting', 'delivered' ), array_column( $this->rows(), 'state' ) );
		self::assertSame( 'Something broke.', $this->rows()[1]->last_error );
		self::assertLessThanOrEqual( time(), $this->settings->held_until() );
	}

	/**
	 * The keys of all items received, beginning with this request.
	 */
	private function received_keys( int $first ): array {
		$keys = array();
		foreach ( array_slice( $this->gateway->requests, $first ) as $request ) {
			$keys = array_merge( $keys, array_column( json_decode( $request['body'], true )['items'], 'key' ) );
		}
		return $keys;
	}
}
