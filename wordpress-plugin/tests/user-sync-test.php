<?php
/**
 * What the gateway gets about users.
 *
 * @package Gateway_Connector
 */

declare( strict_types=1 );

namespace Gateway_Connector\Tests;

use Gateway_Connector\User_Consent;
use Gateway_Connector\User_Sync_Settings;
use Gateway_Connector\User_Synced;

final class User_Sync_Test extends User_Test_Case {

	public function test_nothing_is_sent_until_the_owner_switches_it_on(): void {
		$this->set_up_sync( array( 'enabled' => false ) + self::GIVEN );
		$id = $this->create_user( 'ann' );
		wp_update_user( array( 'ID' => $id, 'first_name' => 'Ann' ) );
		wp_delete_user( $id );

		self::assertSame( array(), $this->rows() );
	}

	/** @dataProvider incomplete */
	public function test_nothing_is_sent_while_a_choice_is_missing( array $missing ): void {
		$this->set_up_sync( $missing + self::GIVEN );
		$this->create_user( 'ann' );

		self::assertSame( array(), $this->rows() );
	}

	public function incomplete(): array {
		return array(
			'no rule'          => array( array( 'rules' => array() ) ),
			'a rule without list' => array( array( 'rules' => array( array( 'role' => 'subscriber', 'list' => '' ) ) ) ),
			'no words'         => array( array( 'text' => ' ' ) ),
			'no source'        => array( array( 'source' => '' ) ),
			'no day'           => array( array( 'since' => 'long ago' ) ),
			'a day to come'    => array( array( 'since' => '2099-01-01' ) ),
			'a box without words' => array( array( 'consent' => User_Sync_Settings::BOX, 'label' => '' ) ),
		);
	}

	public function test_a_new_user_is_one_row_and_no_remote_call_and_then_one_item(): void {
		$id = $this->create_user(
			'ann',
			array(
				'first_name' => 'Ann',
				'last_name' => "O'Brien",
				'description' => 'Sails "boats" 🎉',
				'locale' => 'fr_FR',
				'user_registered' => '2026-02-03 04:05:06',
			)
		);
		update_user_meta( $id, 'billing_city', 'Köln' );

		self::assertSame( array(), $this->gateway->requests );
		self::assertSame( '{}', $this->row()->payload, 'a row holds nothing about the person' );

		self::assertSame(
			array(
				array(
					'action'     => 'upsert',
					'email'      => 'ann@example.org',
					'name'       => "Ann O'Brien",
					'language'   => 'fr_FR',
					'properties' => array( 'bio' => 'Sails "boats" 🎉', 'city' => 'Köln' ),
					'list'       => 'lst_1',
					'optIn'      => 'proven',
					'consent'    => array(
						'text' => 'Members get the letter.',
						'source' => 'Membership form',
						'at' => '2026-02-03T04:05:06Z',
					),
				),
			),
			$this->sync()
		);
		self::assertSame( array(), $this->rows(), 'a delivered row goes' );
		$this->assert_signed( $this->gateway->requests[0], time() );
	}

	public function test_who_registered_before_the_day_agreed_on_that_day(): void {
		$this->create_user( 'ann', array( 'user_registered' => '2020-01-01 00:00:00' ) );

		self::assertSame( '2024-05-01T00:00:00Z', $this->sync()[0]['consent']['at'] );
	}

	public function test_users_without_a_rule_are_not_sent(): void {
		$id = $this->create_user( 'ed', array( 'role' => 'editor' ) );
		wp_update_user( array( 'ID' => $id, 'first_name' => 'Ed' ) );
		wp_delete_user( $id );

		self::assertSame( array(), $this->rows() );
	}

	public function test_several_rules_may_meet_in_one_user(): void {
		$rules = array(
			array( 'role' => '*', 'list' => 'lst_all' ),
			array( 'role' => 'subscriber', 'list' => 'lst_1' ),
			array( 'role' => 'subscriber', 'list' => 'lst_all' ),
		);
		$this->set_up_sync( array( 'rules' => $rules ) + self::GIVEN );
		$this->create_user( 'ann' );

		self::assertSame( array( 'lst_all', 'lst_1' ), array_column( $this->sync(), 'list' ) );
	}

	public function test_many_changes_before_the_next_delivery_are_one_row_and_only_the_newest_state_goes_out(): void {
		$id = $this->create_known_user( 'ann', array( 'first_name' => 'Ann' ) );
		foreach ( array( 'Anna', 'Anne', 'Annie' ) as $name ) {
			wp_update_user( array( 'ID' => $id, 'first_name' => $name ) );
			update_user_meta( $id, 'billing_city', 'of ' . $name );
		}

		self::assertCount( 1, $this->rows() );
		$items = $this->sync();
		self::assertSame( array( 'Annie' ), array_column( $items, 'name' ) );
		self::assertSame( 'of Annie', $items[0]['properties']['city'] );
	}

	public function test_a_change_while_an_older_one_is_being_sent_arrives_after_it(): void {
		$id = $this->create_known_user( 'ann', array( 'first_name' => 'Ann' ) );
		wp_update_user( array( 'ID' => $id, 'first_name' => 'Older' ) );
		$this->gateway->then(
			200,
			static function ( array $request ) use ( $id ): array {
				wp_update_user( array( 'ID' => $id, 'first_name' => 'Newer' ) );
				return array( 'results' => array( array( 'key' => $request['items'][0]['key'], 'status' => 200 ) ) );
			}
		);
		$this->gateway->then_items( 200 );

		$this->send();

		self::assertSame( array( 'Older', 'Newer' ), array_column( $this->items(), 'name' ) );
		self::assertSame( array(), $this->rows() );
	}

	public function test_an_older_change_that_failed_cannot_overwrite_a_newer_one(): void {
		$id = $this->create_known_user( 'ann', array( 'first_name' => 'Ann' ) );
		wp_update_user( array( 'ID' => $id, 'first_name' => 'Older' ) );
		$this->gateway->then(
			200,
			static function ( array $request ) use ( $id ): array {
				wp_update_user( array( 'ID' => $id, 'first_name' => 'Newer' ) );
				return array( 'results' => array( array( 'key' => $request['items'][0]['key'], 'status' => 503 ) ) );
			}
		);
		$this->gateway->then_items( 200 ); // The newer row at once.
		$this->send();
		self::assertCount( 1, $this->rows() );

		$this->make_due();
		$this->send();

		self::assertSame( array( 'Older', 'Newer' ), array_column( $this->items(), 'name' ), 'the older row finds nothing to send' );
		self::assertSame( array(), $this->rows() );
	}

	public function test_a_user_saved_without_news_is_not_sent(): void {
		$id = $this->create_known_user( 'ann' );
		wp_update_user( array( 'ID' => $id, 'user_pass' => 'another' ) );

		$this->send();

		self::assertSame( array(), $this->gateway->requests );
		self::assertSame( array(), $this->rows() );
	}

	public function test_meta_that_nobody_chose_wakes_nobody(): void {
		$id = $this->create_known_user( 'ann' );
		update_user_meta( $id, 'session_tokens', array( 'x' ) );

		self::assertSame( array(), $this->rows() );
	}

	public function test_a_new_address_names_the_one_before(): void {
		$id = $this->create_known_user( 'ann' );
		wp_update_user( array( 'ID' => $id, 'user_email' => 'ann@new.example' ) );

		list( $item ) = $this->sync();

		self::assertSame( array( 'ann@new.example', 'ann@example.org' ), array( $item['email'], $item['previousEmail'] ) );
		wp_update_user( array( 'ID' => $id, 'first_name' => 'Ann' ) );
		self::assertArrayNotHasKey( 'previousEmail', $this->sync()[0] );
	}

	public function test_the_address_the_gateway_knows_counts_when_one_in_between_never_arrived(): void {
		$id = $this->create_known_user( 'ann' );
		wp_update_user( array( 'ID' => $id, 'user_email' => 'ann@between.example' ) );
		$this->gateway->then( 503 );
		$this->send();
		wp_update_user( array( 'ID' => $id, 'user_email' => 'ann@new.example' ) );
		$this->settings->hold( 0 );

		self::assertSame( array( 'ann@example.org' ), array_column( $this->sync(), 'previousEmail' ) );
	}

	public function test_who_loses_the_role_leaves_the_list_and_joins_that_of_the_new_one(): void {
		$this->set_up_sync(
			array(
				'rules' => array( array( 'role' => 'subscriber', 'list' => 'lst_1' ), array( 'role' => 'author', 'list' => 'lst_2' ) ),
			) + self::GIVEN
		);
		$id = $this->create_known_user( 'ann' );
		get_userdata( $id )->set_role( 'author' );

		$items = $this->sync();

		self::assertSame(
			array( array( 'delete', 'lst_1' ), array( 'upsert', 'lst_2' ) ),
			array_map( static fn( $item ) => array( $item['action'], $item['list'] ), $items )
		);
		self::assertSame( array( 'action' => 'delete', 'email' => 'ann@example.org', 'list' => 'lst_1' ), $items[0] );
		self::assertSame( array( 'lst_2' ), array_keys( User_Synced::lists_of( $id ) ) );
	}

	public function test_a_second_role_is_followed_too(): void {
		$this->set_up_sync( array( 'rules' => array( array( 'role' => 'author', 'list' => 'lst_2' ) ) ) + self::GIVEN );
		$id = $this->create_user( 'ann' );
		get_userdata( $id )->add_role( 'author' );
		self::assertSame( array( 'upsert' ), array_column( $this->sync(), 'action' ) );

		get_userdata( $id )->remove_role( 'author' );
		self::assertSame( array( 'delete' ), array_column( $this->sync(), 'action' ) );
	}

	public function test_a_deleted_user_leaves_the_lists(): void {
		$id = $this->create_known_user( 'ann' );
		wp_update_user( array( 'ID' => $id, 'first_name' => 'Ann' ) );
		wp_delete_user( $id );

		self::assertSame( array( array( 'action' => 'delete', 'email' => 'ann@example.org', 'list' => 'lst_1' ) ), $this->sync() );
		self::assertSame( array(), $this->rows() );
	}

	public function test_a_user_deleted_while_being_sent_leaves_the_list_too(): void {
		$id = $this->create_user( 'ann' );
		$this->gateway->then(
			200,
			static function ( array $request ) use ( $id ): array {
				wp_delete_user( $id );
				return array( 'results' => array( array( 'key' => $request['items'][0]['key'], 'status' => 200 ) ) );
			}
		);
		$this->gateway->then_items( 200 );

		$this->send();

		self::assertSame( array( 'upsert', 'delete' ), array_column( $this->items(), 'action' ) );
		self::assertFalse( metadata_exists( 'user', $id, User_Synced::key() ) );
	}

	public function test_a_user_who_was_never_sent_is_forgotten_without_a_word_to_spare(): void {
		$id = $this->create_user( 'ann' );
		wp_delete_user( $id );

		self::assertSame( array( 'delete' ), array_column( $this->sync(), 'action' ), 'the one that may be under way is removed again' );
	}

	public function test_a_refused_user_is_rejected_with_the_reason_and_the_next_change_tries_again(): void {
		$id = $this->create_user( 'ann' );
		$this->gateway->then_items( 400, array( 'code' => 'invalid_request', 'detail' => 'email is one valid address.' ) );
		$this->send();
		self::assertSame( array( 'rejected', 'email is one valid address.' ), array( $this->row()->state, $this->row()->last_error ) );
		self::assertSame( array(), User_Synced::lists_of( $id ) );

		wp_update_user( array( 'ID' => $id, 'user_email' => 'ann@new.example' ) );

		self::assertSame( array( 'ann@new.example' ), array_column( $this->sync(), 'email' ) );
		self::assertSame( array(), $this->rows() );
	}

	public function test_of_two_lists_only_the_refused_one_is_tried_again(): void {
		$this->set_up_sync(
			array(
				'rules' => array(
					array( 'role' => 'subscriber', 'list' => 'lst_1' ),
					array( 'role' => 'subscriber', 'list' => 'lst_gone' ),
				),
			) + self::GIVEN
		);
		$this->create_user( 'ann' );
		$this->gateway->then(
			200,
			static fn( array $request ) => array(
				'results' => array(
					array( 'key' => $request['items'][0]['key'], 'status' => 200 ),
					array(
						'key' => $request['items'][1]['key'],
						'status' => 400,
						'problem' => array( 'detail' => 'There is no such list.' ),
					),
				),
			)
		);
		$this->send();
		self::assertSame( array( 'rejected', 'There is no such list.' ), array( $this->row()->state, $this->row()->last_error ) );

		$this->records->resend( array( (int) $this->row()->id ) );

		self::assertSame( array( 'lst_gone' ), array_column( $this->sync(), 'list' ) );
	}

	public function test_who_left_the_list_stays_off_it_and_nobody_is_bothered(): void {
		$id = $this->create_user( 'ann' );
		$this->gateway->then_items( 403, array( 'code' => 'suppressed', 'detail' => 'The person unsubscribed.' ) );

		$this->send();

		self::assertSame( array(), $this->rows() );
		self::assertTrue( User_Synced::lists_of( $id )['lst_1']['unsubscribed'] );
	}

	public function test_submissions_and_users_travel_in_batches_of_their_own(): void {
		$this->spool_submission();
		$this->create_user( 'ann' );
		$this->spool_submission();
		$this->gateway->then_items( 202 );
		$this->gateway->then_items( 200 );

		$this->send();

		self::assertSame(
			array( 'submissions/batch', 'contacts/batch' ),
			array_map(
				static fn( $request ) => substr( $request['url'], strlen( 'https://gw.example/v1/sites/site_1/' ) ),
				$this->gateway->requests
			)
		);
		self::assertSame( array( 'delivered', 'delivered' ), array_column( $this->rows(), 'state' ) );
	}

	public function test_a_batch_never_has_more_than_a_hundred_items(): void {
		$lists = array_map( static fn( $number ) => array( 'role' => 'subscriber', 'list' => 'lst_' . $number ), range( 1, 7 ) );
		$this->set_up_sync( array( 'rules' => $lists ) + self::GIVEN );
		foreach ( range( 1, 16 ) as $number ) {
			$this->create_user( 'user' . $number );
		}
		$this->gateway->then_items( 200 );
		$this->gateway->then_items( 200 );

		$this->send();

		self::assertSame(
			array( 98, 14 ),
			array_map( static fn( $request ) => count( json_decode( $request['body'], true )['items'] ), $this->gateway->requests )
		);
		self::assertSame( array(), $this->rows() );
	}

	public function test_a_gateway_that_is_down_costs_no_user(): void {
		$this->create_user( 'ann' );
		$this->spool_submission();
		$this->gateway->then( 503 );
		$this->send();
		self::assertCount( 1, $this->gateway->requests, 'what is left of the run waits' );
		self::assertSame( array( '', '' ), array_column( $this->rows(), 'claim' ) );

		$this->settings->hold( 0 );
		$this->make_due();
		$this->gateway->then_items( 202 );
		$this->gateway->then_items( 200 );
		$this->send();
		self::assertSame( array( 'delivered' ), array_column( $this->rows(), 'state' ) );
	}

	public function test_switching_it_off_stops_what_waits(): void {
		$this->create_user( 'ann' );
		$this->set_up_sync( array( 'enabled' => false ) + self::GIVEN );

		$this->send();

		self::assertSame( array(), $this->gateway->requests );
		self::assertSame( array(), $this->rows() );
	}

	public function test_without_the_tick_nobody_is_sent_and_with_it_double_opt_in_begins(): void {
		$this->set_up_sync( self::BOX );
		$id = $this->create_user( 'ann' );
		self::assertSame( array(), $this->rows() );

		$this->tick( $id );

		list( $item ) = $this->sync();
		self::assertSame( 'double', $item['optIn'] );
		self::assertSame( 'Yes, send me the letter.', $item['consent']['text'] );
		self::assertSame( 'https://shop.example/privacy', $item['consent']['policyUrl'] );
		self::assertEqualsWithDelta( time(), strtotime( $item['consent']['at'] ), 5 );
	}

	public function test_taking_the_tick_away_takes_the_user_off_the_list(): void {
		$this->set_up_sync( self::BOX );
		$id = $this->create_user( 'ann' );
		$this->tick( $id );
		$this->sync();

		User_Consent::withdraw( $id );

		self::assertSame( array( 'delete' ), array_column( $this->sync(), 'action' ) );
	}

	public function test_ticking_again_the_same_words_changes_no_proof(): void {
		$this->set_up_sync( self::BOX );
		$id = $this->create_user( 'ann' );
		$this->tick( $id );
		$before = array( 'at' => '2026-01-01T00:00:00Z' ) + User_Consent::given_by( $id );
		update_user_meta( $id, User_Consent::key(), $before );

		$this->tick( $id );
		self::assertSame( $before, User_Consent::given_by( $id ) );

		$this->set_up_sync( array( 'label' => 'Other words.' ) + self::BOX );
		$this->tick( $id );
		self::assertSame( 'Other words.', User_Consent::given_by( $id )['text'] );
	}
}
