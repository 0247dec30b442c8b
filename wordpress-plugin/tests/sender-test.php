<?php
/**
 * From the spool to the gateway.
 *
 * @package Gateway_Connector
 */

declare( strict_types=1 );

namespace Gateway_Connector\Tests;

use Gateway_Connector\Sender;
use Gateway_Connector\Settings;
use Gateway_Connector\Signature;
use WP_Error;

final class Sender_Test extends Plugin_Test_Case {

	public function test_the_signature_is_the_one_of_the_specifications_vector(): void {
		$headers = Signature::headers( Fake_Gateway::SECRET, 'msg_p5jXN8AQM9LWM0D4loKWxJek', 1614265330, '{"test": 2432232314}' );

		self::assertSame( 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=', $headers['webhook-signature'] );
	}

	public function test_what_waits_goes_out_in_one_signed_batch_exactly_as_stored(): void {
		$this->spool_submission();
		$this->spool_submission( array( 'fields' => array( 'your-name' => "Ann O'Brien 🎉" ) ) );
		$this->gateway->then_items( 202 );

		$this->send();

		list( $first, $second ) = $this->rows();
		self::assertCount( 1, $this->gateway->requests );
		$request = $this->gateway->requests[0];
		self::assertSame( array( 'POST', 'https://gw.example/v1/sites/site_1/submissions/batch' ), array( $request['method'], $request['url'] ) );
		self::assertSame( '{"items":[' . $first->payload . ',' . $second->payload . ']}', $request['body'] );
		self::assertSame( 'application/json', $request['headers']['Content-Type'] );
		self::assertSame( array( 10, 0 ), array( $request['timeout'], $request['redirection'] ) );
		$this->assert_signed( $request, time() );
	}

	public function test_a_taken_item_is_delivered_and_keeps_the_gateways_id(): void {
		$this->spool_submission();
		$this->gateway->then_items( 202 );

		$this->send();

		$row = $this->row();
		self::assertSame( array( 'delivered', 'sub_' . $row->submission_key, '1' ), array( $row->state, $row->gateway_id, (string) $row->attempts ) );
		self::assertLessThan( 5, abs( time() - strtotime( $row->delivered_at . ' UTC' ) ) );
	}

	/** @dataProvider refusals */
	public function test_a_refused_item_is_parked_with_the_reason_and_the_others_go_on( int $status ): void {
		$this->spool_submission();
		$this->spool_submission();
		$this->gateway->then(
			200,
			static fn( array $request ) => array(
				'results' => array(
					array( 'key' => $request['items'][0]['key'], 'status' => $status, 'problem' => array( 'detail' => 'There is no field your-email.' ) ),
					array( 'key' => $request['items'][1]['key'], 'status' => 202, 'id' => 'sub_1' ),
				),
			)
		);

		$this->send();

		list( $refused, $taken ) = $this->rows();
		self::assertSame( array( 'parked', 'There is no field your-email.' ), array( $refused->state, $refused->last_error ) );
		self::assertSame( 'delivered', $taken->state );
	}

	public function refusals(): array {
		return array( array( 400 ), array( 403 ), array( 404 ), array( 409 ), array( 410 ), array( 413 ), array( 422 ), array( 451 ) );
	}

	/** @dataProvider postponements */
	public function test_an_item_the_gateway_could_not_take_now_comes_due_later( int $status ): void {
		$this->spool_submission();
		$this->gateway->then_items( $status );

		$this->send();

		self::assertSame( 'waiting', $this->row()->state );
		self::assertGreaterThan( 50, $this->seconds_until_due( $this->row() ) );
	}

	public function postponements(): array {
		return array( array( 408 ), array( 425 ), array( 429 ), array( 500 ), array( 503 ), array( 0 ) );
	}

	public function test_an_item_without_a_result_comes_due_later(): void {
		$this->spool_submission();
		$this->gateway->then( 200, array( 'results' => array() ) );

		$this->send();

		self::assertSame( 'waiting', $this->row()->state );
		self::assertSame( '', $this->row()->claim );
	}

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
			'no answer' => array( new WP_Error( 'http_request_failed', 'cURL error 28: Operation timed out after 10000 milliseconds' ), 'in time' ),
			'nonsense'  => array( 200, '200' ),
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

	public function test_an_item_too_large_to_be_read_is_parked_although_its_result_has_no_key(): void {
		$this->spool_submission();
		$this->gateway->then( 200, array( 'results' => array( array( 'key' => null, 'status' => 413, 'problem' => array( 'detail' => 'Too large.' ) ) ) ) );

		$this->send();

		self::assertSame( array( 'parked', 'Too large.' ), array( $this->row()->state, $this->row()->last_error ) );
	}

	public function test_a_result_that_belongs_to_another_item_is_not_believed(): void {
		$this->spool_submission();
		$this->gateway->then( 200, array( 'results' => array( array( 'key' => 'another', 'status' => 202, 'id' => 'sub_1' ) ) ) );

		$this->send();

		self::assertSame( 'waiting', $this->row()->state );
	}

	public function test_a_batch_refused_as_a_whole_parks_only_the_row_to_blame(): void {
		foreach ( array( 'a', 'b', 'bad', 'c' ) as $name ) {
			$this->spool_submission( array( 'fields' => array( 'your-name' => $name ) ) );
		}
		$this->gateway->then( 413, array( 'detail' => 'Too large.' ) ); // All four.
		$this->gateway->then_items( 202 ); // The first half.
		$this->gateway->then( 413, array( 'detail' => 'Too large.' ) ); // The second half.
		$this->gateway->then( 413, array( 'detail' => 'Too large.' ) ); // "bad".
		$this->gateway->then_items( 202 );

		$this->send();

		self::assertSame( array( 'delivered', 'delivered', 'parked', 'delivered' ), array_column( $this->rows(), 'state' ) );
		self::assertSame( 'Too large.', $this->rows()[2]->last_error );
	}

	public function test_a_batch_has_at_most_fifty_items(): void {
		for ( $i = 0; $i <= Sender::BATCH_ITEMS; $i++ ) {
			$this->spool_submission();
		}
		$this->gateway->then_items( 202 );
		$this->gateway->then_items( 202 );

		$this->send();

		self::assertSame( array( 50, 1 ), $this->batch_sizes() );
	}

	public function test_a_batch_stays_below_three_mebibytes_unless_one_item_alone_is_larger(): void {
		foreach ( array( 1, 1, 2, 4 ) as $mebibytes ) {
			$this->spool_submission( array( 'fields' => array( 'your-message' => str_repeat( 'x', $mebibytes * MB_IN_BYTES ) ) ) );
		}
		$this->gateway->then_items( 202 );
		$this->gateway->then_items( 202 );
		$this->gateway->then_items( 202 );

		$this->send();

		self::assertSame( array( 2, 1, 1 ), $this->batch_sizes() );
		self::assertSame( array( '1', '1', '1', '1' ), array_map( 'strval', array_column( $this->rows(), 'attempts' ) ), 'waiting for room is no attempt' );
	}

	public function test_rows_wait_while_the_site_is_not_connected(): void {
		delete_option( Settings::KEY );
		$this->spool_submission();

		$this->send();

		self::assertSame( array( 'waiting', '0' ), array( $this->row()->state, (string) $this->row()->attempts ) );
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

	private function batch_sizes(): array {
		return array_map( static fn( array $request ) => count( json_decode( $request['body'], true )['items'] ), $this->gateway->requests );
	}

	private function assert_signed( array $request, int $time ): void {
		$headers = $request['headers'];
		self::assertEqualsWithDelta( $time, (int) $headers['webhook-timestamp'], 5 );
		$signed = $headers['webhook-id'] . '.' . $headers['webhook-timestamp'] . '.' . $request['body'];
		$key    = base64_decode( substr( Fake_Gateway::SECRET, strlen( 'whsec_' ) ) );
		self::assertSame( 'v1,' . base64_encode( hash_hmac( 'sha256', $signed, $key, true ) ), $headers['webhook-signature'] );
	}
}
