<?php
/**
 * What the tests about users share.
 *
 * @package Gateway_Connector
 */

declare( strict_types=1 );

namespace Gateway_Connector\Tests;

use Gateway_Connector\User_Consent;
use Gateway_Connector\User_Sync_Settings;
use Gateway_Connector\User_Synced;

/**
 * A site with users, whose subscribers belong to the list lst_1 because they have agreed.
 */
abstract class User_Test_Case extends Plugin_Test_Case {

	protected const GIVEN = array(
		'enabled'    => true,
		'consent'    => User_Sync_Settings::GIVEN,
		'text'       => 'Members get the letter.',
		'source'     => 'Membership form',
		'since'      => '2024-05-01',
		'rules'      => array( array( 'role' => 'subscriber', 'list' => 'lst_1' ) ),
		'properties' => array( array( 'name' => 'bio', 'field' => 'description' ), array( 'name' => 'city', 'field' => 'billing_city' ) ),
	);

	protected const BOX = array(
		'consent'    => User_Sync_Settings::BOX,
		'label'      => 'Yes, send me the letter.',
		'policy_url' => 'https://shop.example/privacy',
	) + self::GIVEN;

	private array $users = array();

	protected function setUp(): void {
		parent::setUp();
		$this->filter( 'wp_hash_password_options', static fn() => array( 'cost' => 4 ) ); // Nobody breaks in here, and time is short.
		$this->set_up_sync( self::GIVEN );
	}

	protected function tearDown(): void {
		delete_option( User_Sync_Settings::OPTION ); // What follows is not synced.
		foreach ( $this->users as $user ) {
			wp_delete_user( $user );
		}
		parent::tearDown();
	}

	protected function set_up_sync( array $input ): void {
		User_Sync_Settings::from_input( $input, array( 'description', 'billing_city' ) )->save();
	}

	protected function create_user( string $name, array $data = array() ): int {
		$id = wp_insert_user(
			$data + array( 'user_login' => $name, 'user_pass' => 'x', 'user_email' => $name . '@example.org', 'role' => 'subscriber' )
		);
		self::assertIsInt( $id );
		$this->users[] = $id;
		return $id;
	}

	/**
	 * A user who was synced.
	 */
	protected function create_known_user( string $name, array $data = array() ): int {
		$id = $this->create_user( $name, $data );
		$this->gateway->then_items( 200 );
		$this->send();
		$this->gateway->requests = array();
		self::assertNotSame( array(), User_Synced::lists_of( $id ) );
		return $id;
	}

	protected function tick( int $user ): void {
		User_Consent::give( $user, User_Sync_Settings::load()->words(), 'Registration, https://shop.example/' );
	}

	/**
	 * Sends what waits to a gateway that takes it, and returns the items that arrived, without their keys.
	 *
	 * @return array[]
	 */
	protected function sync(): array {
		$this->gateway->requests = array();
		$this->gateway->then_items( 200 );
		$this->send();
		return $this->items();
	}

	/**
	 * The items of all requests.
	 *
	 * @return array[]
	 */
	protected function items(): array {
		$items = array();
		foreach ( $this->gateway->requests as $request ) {
			self::assertStringEndsWith( '/v1/sites/site_1/contacts/batch', $request['url'] );
			foreach ( json_decode( $request['body'], true )['items'] as $item ) {
				unset( $item['key'] );
				$items[] = $item;
			}
		}
		return $items;
	}
}
