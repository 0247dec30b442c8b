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
		self::assertSame(
			array( 'POST', 'https://gw.example/v1/sites/site_1/submissions/batch' ),
			array( $request['method'], $request['url'] )
		);
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
		self::assertSame(
			array( 'delivered', 'sub_' . $row->submission_key, '1' ),
			array( $row->state, $row->gateway_id, (string) $row->attempts )
		);
		self::assertLessThan( 5, abs( time() - strtotime( $row->delivered_at . ' UTC' ) ) );
	}

	/** @dataProvider refusals */
	public function test_a_refused_item_is_rejected_with_the_reason_and_the_others_go_on( int $status ): void {
		$this->spool_submission();
		$this->spool_submission();
		$this->gateway->then(
			200,
			static fn( array $request ) => array(
				'results' => array(
					array(
						'key' => $request['items'][0]['key'],
						'status' => $status,
						'problem' => array( 'detail' => 'There is no field your-email.' ),
					),
					array( 'key' => $request['items'][1]['key'], 'status' => 202, 'id' => 'sub_1' ),
				),
			)
		);

		$this->send();

		list( $refused, $taken ) = $this->rows();
		self::assertSame( array( 'rejected', 'There is no field your-email.' ), array( $refused->state, $refused->last_error ) );
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

	public function test_an_item_too_large_to_be_read_is_rejected_although_its_result_has_no_key(): void {
		$this->spool_submission();
		$this->gateway->then(
			200,
			array( 'results' => array( array( 'key' => null, 'status' => 413, 'problem' => array( 'detail' => 'Too large.' ) ) ) )
		);

		$this->send();

		self::assertSame( array( 'rejected', 'Too large.' ), array( $this->row()->state, $this->row()->last_error ) );
	}

	public function test_a_result_that_belongs_to_another_item_is_not_believed(): void {
		$this->spool_submission();
		$this->gateway->then( 200, array( 'results' => array( array( 'key' => 'another', 'status' => 202, 'id' => 'sub_1' ) ) ) );

		$this->send();

		self::assertSame( 'waiting', $this->row()->state );
	}

	public function test_a_batch_refused_as_a_whole_rejects_only_the_row_to_blame(): void {
		foreach ( array( 'a', 'b', 'bad', 'c' ) as $name ) {
			$this->spool_submission( array( 'fields' => array( 'your-name' => $name ) ) );
		}
		$this->gateway->then( 413, array( 'detail' => 'Too large.' ) ); // All four.
		$this->gateway->then_items( 202 ); // The first half.
		$this->gateway->then( 413, array( 'detail' => 'Too large.' ) ); // The second half.
		$this->gateway->then( 413, array( 'detail' => 'Too large.' ) ); // "bad".
		$this->gateway->then_items( 202 );

		$this->send();

		self::assertSame( array( 'delivered', 'delivered', 'rejected', 'delivered' ), array_column( $this->rows(), 'state' ) );
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
		self::assertSame(
			array( '1', '1', '1', '1' ),
			array_map( 'strval', array_column( $this->rows(), 'attempts' ) ),
			'waiting for room is no attempt'
		);
	}

	public function test_rows_wait_while_the_site_is_not_connected(): void {
		delete_option( Settings::KEY );
		$this->spool_submission();

		$this->send();

		self::assertSame( array( 'waiting', '0' ), array( $this->row()->state, (string) $this->row()->attempts ) );
	}

	private function batch_sizes(): array {
		return array_map(
			static fn( array $request ) => count( json_decode( $request['body'], true )['items'] ),
			$this->gateway->requests
		);
	}
}
