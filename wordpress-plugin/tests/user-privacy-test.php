<?php
/**
 * Personal data of users, for WordPress' own tools.
 *
 * @package Gateway_Connector
 */

declare( strict_types=1 );

namespace Gateway_Connector\Tests;

use Gateway_Connector\User_Consent;
use Gateway_Connector\User_Synced;

final class User_Privacy_Test extends User_Test_Case {

	public function test_the_exporter_hands_out_what_a_user_agreed_to_and_what_the_gateway_was_told(): void {
		$this->set_up_sync( self::BOX );
		$id = $this->create_user( 'ann' );
		$this->tick( $id );
		$this->sync();
		$this->tick( $this->create_user( 'bob' ) );

		$result = $this->tool( 'exporters', 'ann@example.org' );

		self::assertTrue( $result['done'] );
		self::assertCount( 1, $result['data'] );
		$data = array_column( $result['data'][0]['data'], 'value', 'name' );
		self::assertSame( 'Yes, send me the letter.', $data['Agreed to'] );
		self::assertStringStartsWith( 'ann@example.org, ', $data['Synced to the gateway for list lst_1'] );
	}

	public function test_the_eraser_takes_a_user_off_the_lists_for_good(): void {
		$id = $this->create_known_user( 'ann' );

		$result = $this->tool( 'erasers', 'ann@example.org' );

		self::assertTrue( $result['items_removed'] );
		self::assertStringContainsString( 'Erase the person there as well', $result['messages'][0] );
		self::assertSame( array(), User_Synced::lists_of( $id ) );
		self::assertSame( array( array( 'action' => 'delete', 'email' => 'ann@example.org', 'list' => 'lst_1' ) ), $this->sync() );

		wp_update_user( array( 'ID' => $id, 'first_name' => 'Ann' ) );
		$this->bulk()->start();
		$this->delivery()->run();
		self::assertSame( array(), array_slice( $this->items(), 1 ), 'nothing is sent about them again' );
	}

	public function test_the_eraser_for_submissions_leaves_what_must_still_be_taken_back(): void {
		$id = $this->create_known_user( 'ann' );
		wp_delete_user( $id );

		apply_filters( 'wp_privacy_personal_data_erasers', array() )['gateway-connector']['callback']( 'ann@example.org', 1 );

		self::assertSame( array( 'delete' ), array_column( $this->sync(), 'action' ) );
	}

	public function test_whoever_is_not_known_has_nothing(): void {
		$this->create_user( 'ed', array( 'role' => 'editor' ) );

		self::assertSame( array(), $this->tool( 'exporters', 'ed@example.org' )['data'] );
		self::assertSame( array(), $this->tool( 'exporters', 'nobody@example.org' )['data'] );
		self::assertFalse( $this->tool( 'erasers', 'ed@example.org' )['items_removed'] );
		self::assertFalse( $this->tool( 'erasers', 'nobody@example.org' )['items_removed'] );
		self::assertSame( array(), $this->rows() );
	}

	public function test_uninstalling_forgets_consents_and_what_was_told(): void {
		$id = $this->create_known_user( 'ann' );
		$this->tick( $id );
		$this->bulk()->start();

		\Gateway_Connector\Installation::remove();
		wp_cache_flush();

		self::assertFalse( metadata_exists( 'user', $id, User_Synced::key() ) );
		self::assertFalse( metadata_exists( 'user', $id, User_Consent::key() ) );
		global $wpdb;
		self::assertSame(
			array(),
			$wpdb->get_col( "SELECT option_name FROM {$wpdb->options} WHERE option_name LIKE 'gateway_connector%'" )
		);
	}

	private function tool( string $tool, string $email ): array {
		return apply_filters( "wp_privacy_personal_data_{$tool}", array() )['gateway-connector-users']['callback']( $email, 1 );
	}
}
