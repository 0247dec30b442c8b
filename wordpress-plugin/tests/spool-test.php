<?php
/**
 * The table of submissions on their way.
 *
 * @package Gateway_Connector
 */

declare( strict_types=1 );

namespace Gateway_Connector\Tests;

use Gateway_Connector\Installation;
use Gateway_Connector\Spool;

final class Spool_Test extends Plugin_Test_Case {

	public function test_creating_the_table_again_keeps_its_rows(): void {
		$this->spool_submission();

		( new Installation( $this->spool ) )->create_table();

		self::assertCount( 1, $this->rows() );
	}

	public function test_a_claimed_row_is_nobody_elses_until_its_lease_ends(): void {
		$this->spool_submission();

		self::assertCount( 1, $this->spool->claim( 50 ) );
		self::assertCount( 0, $this->spool->claim( 50 ) );
		$this->make_due();
		$again = $this->spool->claim( 50 );
		self::assertCount( 1, $again );
		self::assertSame( '2', (string) $again[0]['attempts'] );
	}

	public function test_rows_are_claimed_by_the_time_they_are_due_and_never_more_than_asked_for(): void {
		global $wpdb;
		foreach ( array( 10, 40, 20, 30 ) as $seconds ) {
			$this->spool_submission();
			$due = gmdate( 'Y-m-d H:i:s', time() - $seconds );
			$wpdb->update( $this->spool->table(), array( 'due_at' => $due ), array( 'id' => $wpdb->insert_id ) );
		}
		list( , $second, , $fourth ) = array_column( $this->rows(), 'id' );

		self::assertSame( array( $second, $fourth ), array_column( $this->spool->claim( 2 ), 'id' ) );
		self::assertCount( 2, $this->spool->claim( 3 ) );
	}

	public function test_workers_at_the_same_time_share_the_rows_without_overlap(): void {
		foreach ( range( 1, 60 ) as $ignored ) {
			$this->spool_submission();
		}
		$workers = array();
		foreach ( range( 1, 3 ) as $ignored ) {
			$process = proc_open( array( PHP_BINARY, __DIR__ . '/claim-worker.php' ), array( array( 'pipe', 'r' ), array( 'pipe', 'w' ), STDERR ), $pipes );
			self::assertSame( "ready\n", fgets( $pipes[1] ) );
			$workers[] = array( $process, $pipes );
		}
		foreach ( $workers as list( , $pipes ) ) {
			fwrite( $pipes[0], "go\n" );
		}

		$claimed = array();
		foreach ( $workers as list( $process, $pipes ) ) {
			$claimed = array_merge( $claimed, array_filter( explode( "\n", stream_get_contents( $pipes[1] ) ) ) );
			self::assertSame( 0, proc_close( $process ) );
		}

		self::assertCount( 60, $claimed );
		self::assertCount( 60, array_unique( $claimed ) );
	}

	public function test_a_worker_that_lost_its_row_does_not_change_it(): void {
		$this->spool_submission();
		$slow = $this->spool->claim( 1 )[0];
		$this->make_due();
		$this->spool->claim( 1 );

		$this->spool->park( $slow, 'too late' );

		self::assertSame( 'waiting', $this->row()->state );
	}

	public function test_the_pause_between_attempts_grows_from_a_minute_to_an_hour(): void {
		$this->spool_submission();
		$longest = 0;
		foreach ( array( 60, 120, 240, 480, 960, 1920, 2880, 2880, 2880, 2880, 2880, 2880, 2880 ) as $expected ) {
			$this->make_due();
			$this->spool->postpone( $this->spool->claim( 1 )[0], 'down' );
			$delay = $this->seconds_until_due( $this->row() );
			self::assertGreaterThanOrEqual( $expected - 2, $delay );
			self::assertLessThanOrEqual( $expected * 1.25, $delay );
			$longest = max( $longest, $delay );
		}
		self::assertLessThanOrEqual( HOUR_IN_SECONDS, $longest );
	}

	public function test_the_reason_on_the_admin_page_quotes_no_address(): void {
		$this->spool_submission();

		$this->spool->park( $this->spool->claim( 1 )[0], 'The address <ann@example.org> or bob@example.org is not valid. 🎉' . str_repeat( ' More.', 100 ) );

		$error = $this->row()->last_error;
		self::assertStringNotContainsString( 'example.org', $error );
		self::assertStringContainsString( 'is not valid.', $error );
		self::assertLessThanOrEqual( 255, mb_strlen( $error ) );
	}

	public function test_delivered_rows_are_removed_after_a_month_and_others_never(): void {
		foreach ( range( 1, 3 ) as $ignored ) {
			$this->spool_submission();
		}
		list( $delivered, $parked ) = $this->spool->claim( 2 );
		$this->spool->deliver( $delivered, 'sub_1' );
		$this->spool->park( $parked, 'refused' );

		$this->spool->purge();
		self::assertCount( 3, $this->rows() );
		self::assertEqualsWithDelta( 30 * DAY_IN_SECONDS, $this->seconds_until_due( $this->rows()[0] ), 5 );
		$this->make_due();
		$this->spool->purge();
		self::assertSame( array( 'parked', 'waiting' ), array_column( $this->rows(), 'state' ) );
	}

	public function test_a_parked_row_can_be_sent_again_and_a_row_on_its_way_cannot(): void {
		$this->spool_submission();
		$id = (int) $this->row()->id;
		$this->spool->claim( 1 );
		self::assertFalse( $this->spool->resend( $id ) );

		$this->make_due();
		$this->spool->park( $this->spool->claim( 1 )[0], 'refused' );
		self::assertTrue( $this->spool->resend( $id ) );

		self::assertSame( 'waiting', $this->row()->state );
		self::assertCount( 1, $this->spool->claim( 1 ) );
	}

	public function test_all_parked_rows_can_be_sent_again(): void {
		$this->spool_submission();
		$this->spool_submission();
		array_map( fn( $row ) => $this->spool->park( $row, 'refused' ), $this->spool->claim( 2 ) );

		self::assertSame( 2, $this->spool->resend_all( Spool::PARKED ) );
		self::assertSame( array( 'waiting' => 2, 'parked' => 0, 'delivered' => 0 ), $this->spool->counts() );
	}
}
