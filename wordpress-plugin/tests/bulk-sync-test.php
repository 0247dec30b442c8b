<?php
/**
 * The sync of all users.
 *
 * @package Gateway_Connector
 */

declare( strict_types=1 );

namespace Gateway_Connector\Tests;

use Gateway_Connector\Bulk_Panel;
use Gateway_Connector\Bulk_Sync;
use Gateway_Connector\Notices;
use Gateway_Connector\User_Sync_Settings;
use Gateway_Connector\User_Synced;
use RuntimeException;

final class Bulk_Sync_Test extends User_Test_Case {

	public function test_all_users_of_a_rule_are_told_in_batches_and_a_second_run_has_nothing_to_say(): void {
		$this->create_silently( 130 );
		$this->bulk()->start();

		$sizes = $this->run_to_the_end();

		self::assertSame( 130, array_sum( $sizes ) );
		self::assertLessThanOrEqual( 100, max( $sizes ) );
		self::assertSame( array( Bulk_Sync::DONE, 130 ), array( $this->bulk()->progress()['state'], $this->bulk()->progress()['queued'] ) );
		self::assertSame( $this->bulk()->progress()['total'], $this->bulk()->progress()['passed'] );

		$this->bulk()->start();
		self::assertSame( array(), $this->run_to_the_end() );
		self::assertSame( 0, $this->bulk()->progress()['queued'] );
	}

	public function test_no_more_than_a_step_waits_so_that_visitors_do_not(): void {
		$this->create_silently( 230 );
		$this->bulk()->start();

		while ( $this->bulk()->step() ) {
			continue;
		}

		self::assertGreaterThan( 0, $this->records->waiting_users() );
		self::assertLessThan( 200, $this->records->waiting_users() );
		self::assertTrue( $this->bulk()->is_running() );
	}

	public function test_a_step_that_was_cut_off_is_done_again_and_harms_nobody(): void {
		$this->create_silently( 20 );
		$this->bulk()->start();
		$before = get_option( Bulk_Sync::OPTION );
		$this->bulk()->step();
		update_option( Bulk_Sync::OPTION, $before ); // As if the process had died before it noted the step.

		self::assertSame( 20, array_sum( $this->run_to_the_end() ) );
	}

	public function test_two_at_the_same_step_advance_once(): void {
		$this->create_silently( 20 );
		$this->bulk()->start();
		$other = $this->bulk();
		$came  = false;
		$this->filter(
			'gateway_connector_stored',
			static function () use ( $other, &$came ): void {
				if ( ! $came ) {
					$came = true;
					$other->step();
				}
			}
		);

		self::assertFalse( $this->bulk()->step(), 'the other was faster' );

		self::assertSame( 20, array_sum( $this->run_to_the_end() ) );
		self::assertSame( $this->bulk()->progress()['total'], $this->bulk()->progress()['passed'] );
	}

	public function test_it_waits_while_the_gateway_is_away_and_goes_on_by_itself(): void {
		$this->create_silently( 10 );
		$this->bulk()->start();
		$this->gateway->then( 503 );
		$this->delivery()->run();
		$this->delivery()->run();
		self::assertCount( 1, $this->gateway->requests );

		$this->settings->hold( 0 );
		$this->make_due();

		self::assertSame( array( 10 ), $this->run_to_the_end() );
	}

	public function test_it_can_be_paused_resumed_and_cancelled(): void {
		$this->create_silently( 230 );
		$this->bulk()->start();
		$this->bulk()->step();
		$this->bulk()->pause();
		$passed = $this->bulk()->progress()['passed'];
		$this->run_to_the_end();
		self::assertSame(
			array( Bulk_Sync::PAUSED, $passed ),
			array( $this->bulk()->progress()['state'], $this->bulk()->progress()['passed'] )
		);

		$this->bulk()->resume();
		self::assertTrue( $this->bulk()->step() );
		$this->bulk()->cancel();
		$this->run_to_the_end();
		self::assertSame( Bulk_Sync::CANCELLED, $this->bulk()->progress()['state'] );
		self::assertSame( 0, $this->records->waiting_users(), 'those in the spool still went' );
		self::assertLessThan( 230, $this->bulk()->progress()['queued'] );

		$this->bulk()->resume();
		self::assertSame( Bulk_Sync::CANCELLED, $this->bulk()->progress()['state'] );
	}

	public function test_it_also_takes_off_lists_whoever_no_longer_belongs_there(): void {
		$id = $this->create_known_user( 'ann' );
		$this->set_up_sync( array( 'rules' => array( array( 'role' => 'subscriber', 'list' => 'lst_2' ) ) ) + self::GIVEN );
		$this->bulk()->start();

		$this->run_to_the_end();

		self::assertSame(
			array( array( 'delete', 'lst_1' ), array( 'upsert', 'lst_2' ) ),
			array_map( static fn( $item ) => array( $item['action'], $item['list'] ), $this->items() )
		);
		self::assertSame( array( 'lst_2' ), array_keys( User_Synced::lists_of( $id ) ) );
	}

	public function test_a_visitors_submission_does_not_wait_for_the_end(): void {
		$this->create_silently( 230 );
		$this->bulk()->start();
		$this->bulk()->step();
		$this->spool_submission();
		foreach ( range( 1, 4 ) as $ignored ) {
			$this->gateway->then_items( 200 );
		}

		$this->send();

		self::assertSame( array( 'delivered' ), array_column( $this->rows(), 'state' ) );
		self::assertTrue( $this->bulk()->is_running() );
	}

	public function test_who_was_not_taken_is_listed_with_the_reason_and_tried_again(): void {
		$bad = $this->create_user( 'bad' );
		$this->create_user( 'good' );
		$this->gateway->then(
			200,
			static fn( array $request ) => array(
				'results' => array(
					array(
						'key' => $request['items'][0]['key'],
						'status' => 400,
						'problem' => array( 'detail' => 'email is one <valid> address.' ),
					),
					array( 'key' => $request['items'][1]['key'], 'status' => 200 ),
				),
			)
		);
		$this->send();
		$panel = self::output( array( $this->panel(), 'print' ) );
		self::assertMatchesRegularExpression(
			'~user-edit\.php\?user_id=' . $bad . '[^>]*>User bad</a></td><td>email is one .*address\.</td>~',
			$panel
		);
		self::assertStringNotContainsString( 'User good', $panel );

		self::assertStringContainsString( '1 user will be sent again', $this->act( array( 'again' => (string) $this->row()->id ) ) );
		self::assertSame( array( 'bad@example.org' ), array_column( $this->sync(), 'email' ) );
		self::assertStringNotContainsString( 'Not taken', self::output( array( $this->panel(), 'print' ) ) );
	}

	public function test_all_who_were_not_taken_are_tried_again_and_no_submission(): void {
		$this->reject_submission();
		$this->create_user( 'ann' );
		$this->create_user( 'bob' );
		$this->gateway->then_items( 400 );
		$this->send();

		self::assertStringContainsString( '2 users will be sent again', $this->act( array( 'bulk' => 'again' ) ) );

		self::assertSame( array( 'rejected', 'waiting', 'waiting' ), array_column( $this->rows(), 'state' ) );
	}

	public function test_the_buttons_start_pause_and_cancel_it(): void {
		foreach ( array(
			'start' => 'running',
			'pause' => 'paused',
			'resume' => 'running',
			'cancel' => 'cancelled',
		) as $button => $state ) {
			$this->act( array( 'bulk' => $button ) );
			self::assertSame( $state, $this->bulk()->progress()['state'] );
		}
	}

	public function test_the_page_says_before_how_many_users_it_looks_at_and_then_how_far_it_is(): void {
		$this->create_silently( 3 );
		$users = $this->bulk()->count_users();
		self::assertStringContainsString( "Checks {$users} users", self::output( array( $this->panel(), 'print' ) ) );

		$this->bulk()->start();
		$this->bulk()->step();

		$panel = self::output( array( $this->panel(), 'print' ) );
		self::assertStringContainsString( "Running: {$users} of {$users} users checked, 3 changed, 3 waiting to be sent.", $panel );
		self::assertStringContainsString( 'data-goes-on="1"', $panel );
	}

	/** @dataProvider intruders */
	public function test_only_administrators_with_a_fresh_page_may_act( string $method, int $user, string $nonce ): void {
		wp_set_current_user( $user );

		$this->expectException( RuntimeException::class );
		$this->expectExceptionMessage( 'wp_die' );
		$this->act( array( 'bulk' => 'start' ), $nonce, $method );
	}

	public function intruders(): array {
		return array(
			'act, guest'          => array( 'act', 0, Bulk_Panel::ACTION ),
			'act, wrong purpose'  => array( 'act', 1, 'something else' ),
			'step, guest'         => array( 'step', 0, Bulk_Panel::STEP ),
			'step, wrong purpose' => array( 'step', 1, 'something else' ),
		);
	}

	/**
	 * Users who were here before the sync was switched on. WordPress takes its time for each, so they go straight into its tables.
	 */
	private function create_silently( int $number ): void {
		global $wpdb;
		foreach ( range( 1, $number ) as $index ) {
			$wpdb->insert(
				$wpdb->users,
				array(
					'user_login' => "u{$index}",
					'user_nicename' => "u{$index}",
					'user_email' => "u{$index}@silent.example",
					'user_registered' => '2025-01-01 00:00:00',
				)
			);
			$wpdb->insert(
				$wpdb->usermeta,
				array(
					'user_id' => $wpdb->insert_id,
					'meta_key' => $wpdb->prefix . 'capabilities',
					'meta_value' => 'a:1:{s:10:"subscriber";b:1;}',
				)
			);
		}
	}

	protected function tearDown(): void {
		global $wpdb;
		$silent = "SELECT ID FROM {$wpdb->users} WHERE user_email LIKE '%@silent.example'";
		$wpdb->query( "DELETE FROM {$wpdb->usermeta} WHERE user_id IN ({$silent})" );
		$wpdb->query( "DELETE FROM {$wpdb->users} WHERE user_email LIKE '%@silent.example'" );
		parent::tearDown();
	}

	/**
	 * Lets the scheduled event come until nothing is left to do.
	 *
	 * @return int[] The sizes of the batches.
	 */
	private function run_to_the_end(): array {
		$this->gateway->requests = array();
		do {
			foreach ( range( 1, 10 ) as $ignored ) {
				$this->gateway->then_items( 200 );
			}
			$delivered = $this->delivery()->run();
		} while ( $delivered > 0 );
		return array_map(
			static fn( array $request ) => count( json_decode( $request['body'], true )['items'] ),
			$this->gateway->requests
		);
	}

	private function panel(): Bulk_Panel {
		return new Bulk_Panel( $this->bulk(), $this->records, $this->settings, new Notices( $this->settings ), $this->delivery() );
	}

	/**
	 * Does what a button of the page does, and returns the notice that follows.
	 */
	private function act( array $post, string $nonce = Bulk_Panel::ACTION, string $method = 'act' ): string {
		$_POST    = $post;
		$_REQUEST = array( '_wpnonce' => wp_create_nonce( $nonce ), '_ajax_nonce' => wp_create_nonce( $nonce ) );
		$this->filter( 'wp_doing_ajax', static fn() => 'step' === $method );
		$this->filter( 'doing_it_wrong_trigger_error', '__return_false' ); // The tests are a REST request, where answers look otherwise.
		$this->end_requests_by_exceptions();
		try {
			ob_start(); // What it answers.
			$this->panel()->$method();
		} catch ( RuntimeException $end ) {
			if ( 'redirected' !== $end->getMessage() ) {
				throw $end;
			}
		} finally {
			ob_end_clean();
		}
		return self::output( array( new Notices( $this->settings ), 'print' ) );
	}
}
