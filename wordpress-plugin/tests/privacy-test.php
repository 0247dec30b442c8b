<?php
/**
 * Personal data, for WordPress' own tools.
 *
 * @package Gateway_Connector
 */

declare( strict_types=1 );

namespace Gateway_Connector\Tests;

use Gateway_Connector\Privacy;

final class Privacy_Test extends Plugin_Test_Case {

	public function test_an_address_is_found_however_its_domain_was_typed(): void {
		$this->spool_submission( array( 'fields' => array( 'mail' => 'ann@bücher.example' ) ) );
		$this->spool_submission( array( 'fields' => array( 'mail' => 'ann@xn--bcher-kva.example' ) ) );

		foreach ( array( 'ann@bücher.example', 'ann@xn--bcher-kva.example', 'ANN@Bücher.example' ) as $email ) {
			self::assertCount( 2, ( new Privacy( $this->settings, $this->records ) )->export( $email )['data'], $email );
		}
	}

	public function test_the_exporter_hands_out_what_a_person_sent(): void {
		$form = $this->create_form();
		$this->post( $form, array( 'your-name' => "Ann O'Brien", 'your-email' => 'Ann@Example.org', 'newsletter-1' => '1' ) );
		$this->spool_submission( array( 'fields' => array( 'your-email' => 'joann@example.org' ) ) );
		$this->spool_submission(
			array( 'fields' => array( 'your-email' => 'bob@example.org', 'your-message' => 'Write to ann@example.org' ) )
		);

		$this->spool_submission(
			array( 'form' => array( 'title' => 'ann@example.org' ), 'fields' => array( 'your-email' => 'bob@example.org' ) )
		);

		$result = $this->export( 'ann@example.org' );

		self::assertTrue( $result['done'] );
		self::assertCount( 1, $result['data'] );
		$data = array_column( $result['data'][0]['data'], 'value', 'name' );
		self::assertSame( 'Ann@Example.org', $data['your-email'] );
		self::assertSame( 'Ann O&#039;Brien', $data['your-name'] );
		self::assertSame( '203.0.113.7', $data['IP address'] );
		self::assertSame( 'Yes, send me the newsletter.', $data['Agreed to'] );
	}

	/** @dataProvider addresses */
	public function test_addresses_are_found_as_they_are( string $email, string $other ): void {
		$this->spool_submission( array( 'fields' => array( 'your-email' => $email ) ) );
		$this->spool_submission( array( 'fields' => array( 'your-email' => $other ) ) );

		$found = $this->export( $email )['data'];

		self::assertSame( array( 'gateway-submission-' . $this->rows()[0]->id ), array_column( $found, 'item_id' ) );
	}

	public function addresses(): array {
		return array(
			'underscore' => array( 'a_b@example.org', 'aXb@example.org' ),
			'percent'    => array( 'a%b@example.org', 'aXXb@example.org' ),
			'apostrophe' => array( "o'brien@example.org", 'obrien@example.org' ),
			'umlaut'     => array( 'zoë@exämple.org', 'zoe@example.org' ),
		);
	}

	public function test_the_exporter_goes_page_by_page(): void {
		foreach ( range( 1, 60 ) as $ignored ) {
			$this->spool_submission( array( 'fields' => array( 'your-email' => 'ann@example.org' ) ) );
		}

		$first  = $this->export( 'ann@example.org' );
		$second = $this->export( 'ann@example.org', 2 );

		self::assertSame( array( false, true ), array( $first['done'], $second['done'] ) );
		self::assertCount(
			60,
			array_unique( array_merge( array_column( $first['data'], 'item_id' ), array_column( $second['data'], 'item_id' ) ) )
		);
	}

	public function test_the_eraser_removes_what_a_person_sent_and_nothing_else(): void {
		foreach ( range( 1, 60 ) as $ignored ) {
			$this->spool_submission( array( 'fields' => array( 'your-email' => 'ANN@example.org' ) ) );
		}
		$this->spool_submission( array( 'fields' => array( 'your-email' => 'bob@example.org' ) ) );

		self::assertSame(
			array( 'items_removed' => true, 'items_retained' => false, 'messages' => array(), 'done' => true ),
			$this->erase( 'ann@example.org' )
		);
		self::assertSame( 'bob@example.org', $this->row()->submission['fields']['your-email'] );
	}

	public function test_the_eraser_recalls_that_the_gateway_has_a_copy(): void {
		$this->spool_submission( array( 'fields' => array( 'your-email' => 'ann@example.org' ) ) );
		$this->spool->deliver( $this->spool->claim( 1 )[0], 'sub_1' );

		self::assertStringContainsString( 'gateway has', $this->erase( 'ann@example.org' )['messages'][0] );
		self::assertSame( array(), $this->rows() );
	}

	public function test_the_eraser_leaves_what_is_being_sent_and_says_so(): void {
		$this->spool_submission( array( 'fields' => array( 'your-email' => 'ann@example.org' ) ) );
		$this->spool->claim( 1 );

		$result = $this->erase( 'ann@example.org' );

		self::assertSame( array( false, true ), array( $result['items_removed'], $result['items_retained'] ) );
		self::assertStringContainsString( 'in a few minutes', $result['messages'][0] );
		self::assertCount( 1, $this->rows() );
	}

	public function test_the_eraser_does_not_wait_for_a_worker_that_died(): void {
		$this->spool_submission( array( 'fields' => array( 'your-email' => 'ann@example.org' ) ) );
		$this->spool->claim( 1 );
		$this->make_due();

		self::assertTrue( $this->erase( 'ann@example.org' )['items_removed'] );
		self::assertSame( array(), $this->rows() );
	}

	private function export( string $email, int $page = 1 ): array {
		return apply_filters( 'wp_privacy_personal_data_exporters', array() )['gateway-connector']['callback']( $email, $page );
	}

	private function erase( string $email ): array {
		return apply_filters( 'wp_privacy_personal_data_erasers', array() )['gateway-connector']['callback']( $email, 1 );
	}
}
