<?php
/**
 * The box where users register and in their profile.
 *
 * @package Gateway_Connector
 */

declare( strict_types=1 );

namespace Gateway_Connector\Tests;

use Gateway_Connector\User_Box;
use Gateway_Connector\User_Sync_Settings;
use Gateway_Connector\Shown_Box;
use Gateway_Connector\User_Consent;

final class User_Box_Test extends User_Test_Case {

	protected function setUp(): void {
		parent::setUp();
		$this->set_up_sync( self::BOX );
	}

	/** @dataProvider forms */
	public function test_the_box_is_never_ticked_in_advance_and_links_the_policy( string $hook ): void {
		$this->set_up_sync( array( 'rules' => array( array( 'role' => '*', 'list' => 'lst_1' ) ) ) + self::BOX );

		$box = self::output( static fn() => do_action( $hook ) );

		self::assertMatchesRegularExpression(
			'~<label><input type="checkbox" name="gateway_connector_newsletter" value="1"\s+/> Yes, send me the letter\.</label>~',
			$box
		);
		self::assertStringContainsString( 'href="https://shop.example/privacy"', $box );
	}

	public function forms(): array {
		return array( array( 'register_form' ), array( 'woocommerce_register_form' ), array( 'signup_extra_fields' ) );
	}

	public function test_there_is_no_box_where_it_would_do_nothing(): void {
		$this->set_up_sync( array( 'rules' => array( array( 'role' => 'author', 'list' => 'lst_1' ) ) ) + self::BOX );
		self::assertSame( '', self::output( static fn() => do_action( 'register_form' ) ), 'newcomers have another role' );

		$this->set_up_sync( self::GIVEN );
		self::assertSame( '', self::output( static fn() => do_action( 'register_form' ) ), 'they have agreed already' );

		$this->set_up_sync( array( 'enabled' => false ) + self::BOX );
		self::assertSame( '', self::output( static fn() => do_action( 'register_form' ) ), 'it is off' );
	}

	public function test_who_ticks_it_when_registering_is_sent(): void {
		wp_set_current_user( 0 );
		$_POST[ User_Box::FIELD ] = '1';
		$_POST[ User_Box::SHOWN ] = $this->seal_of_box();
		$id                       = $this->create_user( 'ann' );

		list( $item ) = $this->sync();

		self::assertSame(
			array( 'ann@example.org', 'double', 'Yes, send me the letter.' ),
			array( $item['email'], $item['optIn'], $item['consent']['text'] )
		);
		self::assertStringStartsWith( 'Registration, http', User_Consent::given_by( $id )['source'] );
	}

	public function test_a_page_proves_the_words_that_it_showed_and_a_forged_one_none(): void {
		wp_set_current_user( 0 );
		$page = $this->seal_of_box();
		$this->set_up_sync( array( 'label' => 'Yes, sell my address.' ) + self::BOX );
		$_POST = array( User_Box::FIELD => '1', User_Box::SHOWN => $page );
		$this->create_user( 'ann' );
		$_POST[ User_Box::SHOWN ] = '1';
		$this->create_user( 'max' );

		$texts = array_map( static fn( $item ) => $item['consent']['text'], $this->sync() );

		self::assertSame( array( 'Yes, send me the letter.', Shown_Box::unknown() ), $texts );
	}

	public function test_nobody_ticks_it_for_somebody_else(): void {
		$_POST[ User_Box::FIELD ] = '1'; // By the administrator, who adds a user.
		$id                       = $this->create_user( 'ann' );
		self::assertSame( array(), User_Consent::given_by( $id ) );

		$this->save_profile( $id, true );
		self::assertSame( array(), User_Consent::given_by( $id ) );
		self::assertSame( array(), $this->rows() );
	}

	public function test_the_profile_gives_and_takes_back(): void {
		$id = $this->create_user( 'ann' );
		wp_set_current_user( $id );
		self::assertStringNotContainsString( 'checked', $this->profile( $id ) );

		$this->save_profile( $id, true );
		self::assertMatchesRegularExpression( '~checkbox"[^>]*checked~', $this->profile( $id ) );
		self::assertSame( array( 'upsert' ), array_column( $this->sync(), 'action' ) );

		$this->save_profile( $id, false );
		self::assertSame( array( 'delete' ), array_column( $this->sync(), 'action' ) );
	}

	public function test_a_profile_saved_without_the_box_takes_nothing_back(): void {
		$id = $this->create_user( 'ann' );
		$this->tick( $id );
		wp_set_current_user( $id );
		$_POST = array( 'email' => 'ann@example.org' );

		do_action( 'personal_options_update', $id );

		self::assertNotSame( array(), User_Consent::given_by( $id ) );
	}

	public function test_an_administrator_sees_what_a_user_agreed_to_and_cannot_change_it(): void {
		$id = $this->create_user( 'ann' );
		self::assertStringContainsString( 'Only the users themselves', $this->profile( $id ) );

		$this->tick( $id );

		self::assertMatchesRegularExpression( '~Given on \d{4}-.*Yes, send me the letter\.~', $this->profile( $id ) );
		self::assertStringNotContainsString( '<input', $this->profile( $id ) );
	}

	public function test_on_a_network_the_tick_waits_with_the_sign_up_for_the_activation(): void {
		$_POST[ User_Box::FIELD ] = '1';
		$meta                     = apply_filters( 'add_signup_meta', array( 'add_to_blog' => 1 ) );
		$_POST                    = array();
		$id                       = $this->create_user( 'ann' );
		self::assertSame( array(), $this->rows() );

		do_action( 'wpmu_activate_user', $id, 'password', $meta );

		self::assertSame( array( 'ann@example.org' ), array_column( $this->sync(), 'email' ) );
	}

	public function test_words_are_shown_as_text(): void {
		update_option(
			\Gateway_Connector\User_Sync_Settings::OPTION,
			array( 'label' => '<script>x</script>' ) + get_option( \Gateway_Connector\User_Sync_Settings::OPTION )
		);

		self::assertStringNotContainsString( '<script', self::output( static fn() => do_action( 'register_form' ) ) );
	}

	/**
	 * What a page with the box carries.
	 */
	private function seal_of_box(): string {
		return Shown_Box::seal( User_Box::FIELD, User_Sync_Settings::load()->words() );
	}

	private function profile( int $user ): string {
		return self::output(
			static fn() => do_action( get_current_user_id() === $user ? 'show_user_profile' : 'edit_user_profile', get_userdata( $user ) )
		);
	}

	private function save_profile( int $user, bool $ticked ): void {
		$_POST = array(
			'email' => get_userdata( $user )->user_email,
			User_Box::SHOWN => $this->seal_of_box(),
		) + ( $ticked ? array( User_Box::FIELD => '1' ) : array() );
		do_action( 'personal_options_update', $user );
		$_POST = array();
	}
}
