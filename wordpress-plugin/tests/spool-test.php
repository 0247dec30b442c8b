<?php
/**
 * The table of submissions on their way.
 *
 * @package Gateway_Connector
 */

declare( strict_types=1 );

namespace Gateway_Connector\Tests;

use Gateway_Connector\Installation;
use Gateway_Connector\Settings;
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

	public function test_due_rows_are_claimed_oldest_first_and_never_more_than_asked_for(): void {
		global $wpdb;
		foreach ( array( -10, -40, 60, -20 ) as $seconds ) {
			$this->spool_submission();
			$due = gmdate( 'Y-m-d H:i:s', time() + $seconds );
			$wpdb->update( $this->spool->table(), array( 'due_at' => $due ), array( 'id' => $wpdb->insert_id ) );
		}
		list( $first, $second, , $fourth ) = array_column( $this->rows(), 'id' );

		$claimed = $this->spool->claim( 2 );
		self::assertSame( array( $first, $second ), array_column( $claimed, 'id' ) );
		$this->spool->postpone_all( $claimed, 'down', 60 );
		self::assertSame( array( $fourth ), array_column( $this->spool->claim( 2 ), 'id' ) );
	}

	public function test_nobody_overtakes_a_worker_that_holds_rows(): void {
		$this->spool_submission();
		$this->spool_submission();
		$held = $this->spool->claim( 1 );

		self::assertSame( array(), $this->spool->claim( 1 ) );
		$this->spool->deliver( $held[0], 'sub_1' );
		self::assertCount( 1, $this->spool->claim( 1 ) );
	}

	public function test_rows_beyond_the_size_are_given_back_untouched(): void {
		foreach ( range( 1, 3 ) as $ignored ) {
			$this->spool_submission( array( 'fields' => array( 'your-message' => str_repeat( 'x', 1000 ) ) ) );
		}

		self::assertCount( 1, $this->spool->claim( 50, 10 ) );
		$this->make_due();
		self::assertCount( 2, $this->spool->claim( 50, 2500 ) );
		self::assertSame( array( '2', '1', '0' ), array_map( 'strval', array_column( $this->rows(), 'attempts' ) ) );
	}

	/** @group processes */
	public function test_workers_at_the_same_time_send_each_row_once_and_in_order(): void {
		foreach ( range( 1, 120 ) as $ignored ) {
			$this->spool_submission();
		}

		list( $received ) = $this->work( 3 );

		self::assertSame( array_column( $this->rows(), 'submission_key' ), $received );
		self::assertSame( 120, $this->records->counts()['delivered'] );
	}

	/** @group processes */
	public function test_the_rows_of_a_week_without_gateway_arrive_in_order_in_little_memory_and_short_runs(): void {
		global $wpdb;
		$count = getenv( 'GATEWAY_FULL' ) ? 10000 : 2000;
		foreach ( array_chunk( range( 1, $count ), 1000 ) as $numbers ) {
			$values = array();
			foreach ( $numbers as $number ) {
				$payload  = sprintf( '{"key":"%d","fields":{"your-message":"%s"}}', $number, str_repeat( 'x', 500 ) );
				$values[] = "('{$number}', 4, '{$payload}', 'waiting', '2026-01-01 00:00:00', '2026-01-01 00:00:00')";
			}
			$wpdb->query(
				"INSERT INTO {$this->spool->table()} (submission_key, form_id, payload, state, due_at, created_at) VALUES "
					. implode( ', ', $values )
			);
		}

		list( $received, $said ) = $this->work( 1 );

		self::assertSame( range( 1, $count ), array_map( 'intval', $received ) );
		list( $memory, $seconds ) = explode( ' ', $said );
		fwrite( STDERR, sprintf( "\n%d rows: at most %.1f MB, and %d s a run\n", $count, (int) $memory / MB_IN_BYTES, $seconds ) );
		self::assertLessThan( 64 * MB_IN_BYTES, (int) $memory );
		self::assertLessThan( 60, (int) $seconds );
	}

	/**
	 * Lets processes send at the same moment.
	 *
	 * @return array The keys that the gateway received, in order, and what the last process said.
	 */
	private function work( int $processes ): array {
		$received = (string) tempnam( sys_get_temp_dir(), 'received' );
		$workers  = array();
		while ( count( $workers ) < $processes ) {
			$process = proc_open(
				array( PHP_BINARY, __DIR__ . '/worker.php', $received ),
				array( array( 'pipe', 'r' ), array( 'pipe', 'w' ), STDERR ),
				$pipes
			);
			self::assertSame( "ready\n", fgets( $pipes[1] ) );
			$workers[] = array( $process, $pipes );
		}
		foreach ( $workers as list( , $pipes ) ) {
			fwrite( $pipes[0], "go\n" );
		}
		foreach ( $workers as list( $process, $pipes ) ) {
			$said = trim( stream_get_contents( $pipes[1] ) );
			self::assertSame( 0, proc_close( $process ) );
		}
		$keys = file( $received, FILE_IGNORE_NEW_LINES );
		unlink( $received );
		return array( $keys, $said );
	}

	public function test_a_worker_that_lost_its_row_does_not_change_it(): void {
		$this->spool_submission();
		$slow = $this->spool->claim( 1 )[0];
		$this->make_due();
		$this->spool->claim( 1 );

		$this->spool->reject( $slow, 'too late' );

		self::assertSame( 'waiting', $this->row()->state );
	}

	public function test_the_pause_between_attempts_grows_from_a_minute_to_an_hour(): void {
		$this->spool_submission();
		$max = 0;
		foreach ( array( 60, 120, 240, 480, 960, 1920, 2880, 2880, 2880, 2880, 2880, 2880, 2880 ) as $expected ) {
			$this->make_due();
			$this->spool->postpone( $this->spool->claim( 1 )[0], 'down' );
			$delay = $this->seconds_until_due( $this->row() );
			self::assertGreaterThanOrEqual( $expected - 2, $delay );
			self::assertLessThanOrEqual( $expected * 1.25, $delay );
			$max = max( $max, $delay );
		}
		self::assertLessThanOrEqual( HOUR_IN_SECONDS, $max );
	}

	public function test_the_reason_on_the_admin_page_quotes_no_address(): void {
		$this->spool_submission();

		$this->spool->reject(
			$this->spool->claim( 1 )[0],
			'The address <ann@example.org> or bob@example.org is not valid. 🎉' . str_repeat( ' More.', 100 )
		);

		$error = $this->row()->last_error;
		self::assertStringNotContainsString( 'example.org', $error );
		self::assertStringContainsString( 'is not valid.', $error );
		self::assertLessThanOrEqual( 255, mb_strlen( $error ) );
	}

	public function test_delivered_rows_are_removed_after_the_retention_time_and_others_never(): void {
		foreach ( range( 1, 3 ) as $ignored ) {
			$this->spool_submission();
		}
		list( $delivered, $rejected ) = $this->spool->claim( 2 );
		$this->spool->deliver( $delivered, 'sub_1' );
		$this->spool->reject( $rejected, 'refused' );
		$this->settings->save_data_rules( 7, false );
		delete_option( Settings::KEY );

		$this->age( 7 * DAY_IN_SECONDS - 60 );
		$this->send();
		self::assertCount( 3, $this->rows() );
		$this->age( 7 * DAY_IN_SECONDS + 60 );
		$this->send();
		self::assertSame( array( 'rejected', 'waiting' ), array_column( $this->rows(), 'state' ) );
	}

	public function test_delivered_rows_are_kept_for_thirty_days_unless_chosen_otherwise(): void {
		self::assertSame( 30 * DAY_IN_SECONDS, $this->settings->retention() );
	}

	public function test_a_rejected_row_can_be_sent_again_and_a_row_on_its_way_cannot(): void {
		$this->spool_submission();
		$id = (int) $this->row()->id;
		$this->spool->claim( 1 );
		self::assertSame( 0, $this->records->resend( array( $id ) ) );

		$this->make_due();
		$this->spool->reject( $this->spool->claim( 1 )[0], 'refused' );
		self::assertSame( 1, $this->records->resend( array( $id ) ) );

		self::assertSame( 'waiting', $this->row()->state );
		self::assertCount( 1, $this->spool->claim( 1 ) );
	}

	public function test_a_person_can_send_again_what_a_dead_worker_left_and_the_dead_have_no_say(): void {
		$this->spool_submission();
		$this->spool_submission();
		$held = $this->spool->claim( 2 );
		self::assertSame( 0, $this->records->resend_all( Spool::WAITING ) );
		$this->make_due();

		self::assertSame( 1, $this->records->resend( array( (int) $held[0]['id'] ) ) );
		$this->records->resend_all( Spool::WAITING );
		array_map( fn( $row ) => $this->spool->reject( $row, 'too late' ), $held );

		self::assertSame( 2, $this->records->counts()['waiting'] );
	}

	public function test_all_rejected_rows_can_be_sent_again(): void {
		$this->spool_submission();
		$this->spool_submission();
		array_map( fn( $row ) => $this->spool->reject( $row, 'refused' ), $this->spool->claim( 2 ) );

		self::assertSame( 2, $this->records->resend_all( Spool::REJECTED ) );
		self::assertSame( array( 'waiting' => 2, 'rejected' => 0, 'delivered' => 0 ), $this->records->counts() );
	}
}
