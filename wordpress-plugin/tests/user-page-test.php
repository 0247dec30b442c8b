<?php
/**
 * The page "Gateway › Users".
 *
 * @package Gateway_Connector
 */

declare( strict_types=1 );

namespace Gateway_Connector\Tests;

use Gateway_Connector\Bulk_Panel;
use Gateway_Connector\Checkout_Panel;
use Gateway_Connector\Gateway_Client;
use Gateway_Connector\Lists;
use Gateway_Connector\Notices;
use Gateway_Connector\User_Fields;
use Gateway_Connector\User_Page;
use Gateway_Connector\User_Sync_Settings;
use RuntimeException;

final class User_Page_Test extends User_Test_Case {

	public function test_what_was_chosen_is_kept_and_shown_again(): void {
		update_user_meta( 1, 'billing_city', 'Paris' );
		delete_option( User_Sync_Settings::OPTION );

		$said = $this->save( self::GIVEN );

		self::assertStringContainsString( 'Saved.', $said );
		$page = $this->page();
		self::assertMatchesRegularExpression( '~<option value="subscriber"\s+selected=.selected.>Subscriber~', $page );
		self::assertMatchesRegularExpression( '~<option value="lst_1"\s+selected=.selected.>Newsletter~', $page );
		self::assertMatchesRegularExpression( '~<option value="billing_city"\s+selected=.selected.>~', $page );
		self::assertMatchesRegularExpression( '~value="given"\s+checked~', $page );
		self::assertStringContainsString( 'Membership form', $page );
		delete_user_meta( 1, 'billing_city' );
	}

	public function test_it_is_off_at_first_and_says_so(): void {
		delete_option( User_Sync_Settings::OPTION );

		$page = $this->page();

		self::assertStringContainsString( 'Off: nothing about users is sent.', $page );
		self::assertStringNotContainsString( 'Sync all users now', $page );
		self::assertDoesNotMatchRegularExpression( '~name="users\[enabled\]" value="1"\s+checked~', $page );
	}

	public function test_it_says_what_will_happen_to_how_many_users(): void {
		$this->create_user( 'ann' );
		$bob = $this->create_user( 'bob' );
		self::assertStringContainsString(
			'2 users join Newsletter at once, without being asked, because you say that they have agreed.',
			$this->page()
		);

		$this->set_up_sync( self::BOX );
		$this->tick( $bob );
		self::assertStringContainsString(
			'2 users have a role that belongs to a list (Newsletter); 1 of them ticked the box.',
			$this->page()
		);
	}

	public function test_it_names_what_is_missing(): void {
		self::assertStringContainsString(
			'enter what your users agreed to, where, and since which day',
			$this->save( array( 'source' => '' ) + self::GIVEN )
		);
		self::assertStringContainsString( 'No user is sent yet', $this->page() );
	}

	public function test_a_list_that_is_gone_stays_visible(): void {
		$this->set_up_sync( array( 'rules' => array( array( 'role' => 'subscriber', 'list' => 'lst_gone' ) ) ) + self::GIVEN );

		self::assertMatchesRegularExpression( '~<option value="lst_gone"\s+selected=.selected.>lst_gone \(not found\)~', $this->page() );
	}

	public function test_no_secret_can_be_chosen(): void {
		update_user_meta( 1, 'my_api_key', 'x' );
		update_user_meta( 1, 'shoe_size', '42' );
		$fields = User_Fields::all();
		delete_user_meta( 1, 'my_api_key' );
		delete_user_meta( 1, 'shoe_size' );

		self::assertArrayHasKey( 'shoe_size', $fields );
		self::assertSame(
			array(),
			array_intersect(
				array( 'session_tokens', 'my_api_key', 'user_pass', 'wp_capabilities', 'user_activation_key' ),
				array_keys( $fields )
			)
		);
		$this->save(
			array(
				'properties' => array(
					array( 'name' => 'x', 'field' => 'session_tokens' ),
					array( 'name' => 'y', 'field' => 'user_pass' ),
				),
			) + self::GIVEN
		);
		self::assertSame( array(), User_Sync_Settings::load()->properties );
	}

	public function test_of_two_properties_alike_the_page_says_that_one_is_not_sent(): void {
		$this->save(
			array(
				'properties' => array(
					array( 'name' => 'a<b', 'field' => 'nickname' ),
					array( 'name' => 'City', 'field' => 'user_url' ),
					array( 'name' => 'city', 'field' => 'description' ),
				),
			) + self::GIVEN
		);

		self::assertSame( array( 'a<b' => 'nickname', 'City' => 'user_url' ), User_Sync_Settings::load()->properties );
		self::assertStringContainsString( 'The contact property “city” is here twice', $this->page() );
	}

	/** @dataProvider intruders */
	public function test_only_administrators_with_a_fresh_page_may_save( int $user, string $nonce ): void {
		wp_set_current_user( $user );

		$this->expectException( RuntimeException::class );
		$this->expectExceptionMessage( 'wp_die' );
		$this->save( self::GIVEN, $nonce );
	}

	public function intruders(): array {
		return array(
			'guest'         => array( 0, User_Page::SAVE ),
			'wrong purpose' => array( 1, 'something else' ),
		);
	}

	public function test_rows_about_users_show_on_the_page_of_submissions_by_name(): void {
		$id = $this->create_user( 'ann' );
		set_current_screen( 'gateway_page_gateway-connector-spool' );
		$page = new \Gateway_Connector\Spool_Page( $this->settings, $this->records, new Notices( $this->settings ) );

		self::assertStringContainsString( 'User ann', self::output( array( $page, 'print' ) ) );
		wp_delete_user( $id );
		self::assertStringContainsString( "Former user {$id}", self::output( array( $page, 'print' ) ) );
	}

	private function page(): string {
		$this->gateway->then_lists();
		return self::output( array( $this->user_page(), 'print' ) );
	}

	/**
	 * Saves the page, and returns the notice that follows.
	 */
	private function save( array $input, string $nonce = User_Page::SAVE ): string {
		$_POST    = wp_slash( array( 'users' => $input ) );
		$_REQUEST = array( '_wpnonce' => wp_create_nonce( $nonce ) );
		$this->end_requests_by_exceptions();
		try {
			$this->user_page()->save();
		} catch ( RuntimeException $end ) {
			if ( 'redirected' !== $end->getMessage() ) {
				throw $end;
			}
		}
		return self::output( array( new Notices( $this->settings ), 'print' ) );
	}

	private function user_page(): User_Page {
		$notices = new Notices( $this->settings );
		$bulk    = new Bulk_Panel( $this->bulk(), $this->records, $this->settings, $notices, $this->delivery() );
		return new User_Page(
			$this->settings,
			new Lists( new Gateway_Client( $this->settings ) ),
			$notices,
			$bulk,
			new Checkout_Panel( $notices )
		);
	}
}
