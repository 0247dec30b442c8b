<?php
/**
 * The tab in the form editor.
 *
 * @package Gateway_Connector
 */

declare( strict_types=1 );

namespace Gateway_Connector\Tests;

use Gateway_Connector\Form_Panel;
use Gateway_Connector\Form_Settings;
use Gateway_Connector\Form_Warnings;
use Gateway_Connector\Gateway_Client;
use Gateway_Connector\Lists;
use Gateway_Connector\Settings;
use WP_REST_Request;
use WPCF7_ContactForm;

final class Form_Panel_Test extends Plugin_Test_Case {

	public function test_the_tab_saves_what_was_chosen(): void {
		$form = $this->create_form();

		$this->save(
			$form,
			array(
				'enabled'        => '1',
				'lists'          => array( array( 'list' => 'lst_2', 'consent' => 'newsletter-1' ) ),
				'email'          => 'your-email',
				'name'           => '',
				'language'       => 'de',
				'policy_url'     => 'https://shop.example/politique?v=1',
				'policy_version' => '2026-05 <script>alert(1)</script>',
				'properties'     => array(
					array( 'name' => " town's ", 'field' => 'your-city' ),
					array( 'name' => '', 'field' => 'your-name' ),
					array( 'name' => 'empty', 'field' => '' ),
				),
			)
		);

		$settings = $this->reload( $form );
		self::assertTrue( $settings->enabled );
		self::assertFalse( $settings->transactional );
		self::assertSame( 'de', $settings->language );
		self::assertEquals(
			array(
				'list'           => 'lst_2',
				'email'          => 'your-email',
				'name'           => '',
				'consent'        => 'newsletter-1',
				'words'          => '',
				'policy_url'     => 'https://shop.example/politique?v=1',
				'policy_version' => '2026-05',
				'properties'     => array( "town's" => 'your-city' ),

				'unfit_properties' => array(),
			),
			$settings->subscriptions[0]->to_array()
		);
	}

	public function test_names_of_properties_stay_as_they_were_typed_and_those_that_cannot_be_sent_wait_for_the_owner(): void {
		$this->gateway->then_lists();
		$form = $this->create_form();
		$long = str_repeat( 'x', 61 );
		$rows = array(
			array( 'name' => '100%25 Rabatt', 'field' => 'your-city' ),
			array( 'name' => 'a<b & "c\\d"', 'field' => 'your-city' ),
			array( 'name' => 'Größe', 'field' => 'your-name' ),
			array( 'name' => "GRO\u{0308}ßE", 'field' => 'your-city' ),
			array( 'name' => 'Größe', 'field' => 'your-email' ),
			array( 'name' => $long, 'field' => 'your-city' ),
		);

		$this->save(
			$form,
			array(
				'enabled'    => '1',
				'lists'      => array( array( 'list' => 'lst_1', 'consent' => 'newsletter-1' ) ),
				'email'      => 'your-email',
				'properties' => $rows,
			)
		);

		self::assertSame(
			array( '100%25 Rabatt' => 'your-city', 'a<b & "c\\d"' => 'your-city', 'Größe' => 'your-name' ),
			$this->reload( $form )->subscriptions[0]->properties
		);
		$html = $this->panel( WPCF7_ContactForm::get_instance( $form->id() ) );
		self::assertStringContainsString( 'The contact property “GRÖßE” is here twice', $html );
		self::assertStringContainsString( 'The contact property “Größe” is here twice', $html );
		self::assertStringContainsString( "The contact property “{$long}” is not sent", $html );
		preg_match_all( '/\[properties\]\[\d+\]\[name\]" value="([^"]*)"/', $html, $shown );
		self::assertSame(
			array( '100%25 Rabatt', 'a<b & "c\\d"', 'Größe', 'GRÖßE', 'Größe', $long, '', '' ),
			array_map( 'html_entity_decode', $shown[1] )
		);
	}

	public function test_the_tab_can_be_switched_off(): void {
		$form = $this->create_form();

		$this->save( $form, array( 'lists' => array( array( 'list' => 'lst_1' ) ) ) );

		self::assertFalse( $this->reload( $form )->enabled );
	}

	public function test_a_policy_address_that_is_no_web_address_is_dropped(): void {
		$form = $this->create_form();

		$this->save( $form, array( 'lists' => array( array( 'list' => 'lst_1' ) ), 'policy_url' => 'javascript:alert(1)' ) );

		self::assertSame( '', $this->reload( $form )->subscriptions[0]->policy_url );
	}

	public function test_a_form_may_serve_several_lists_each_with_its_own_box(): void {
		$form = $this->create_form( self::FORM . '[acceptance offers optional]And offers.[/acceptance]' );
		$rows = array(
			array( 'list' => 'lst_1', 'consent' => 'newsletter-1' ),
			array( 'list' => '', 'consent' => '' ),
			array( 'list' => 'lst_2', 'consent' => 'offers' ),
		);

		$this->save(
			$form,
			array(
				'enabled' => '1',
				'lists' => $rows,
				'email' => 'your-email',
				'properties' => array( array( 'name' => 'city', 'field' => 'your-city' ) ),
			)
		);
		$this->post(
			$form = WPCF7_ContactForm::get_instance( $form->id() ),
			array( 'your-name' => 'Ann', 'your-email' => 'ann@example.org', 'your-city' => 'Lyon', 'newsletter-1' => '1' )
		);

		$subscriptions = $this->row()->submission['subscribe'];
		self::assertSame( array( 'lst_1', 'lst_2' ), array_column( $subscriptions, 'list' ) );
		self::assertSame( array( 'your-email', 'your-email' ), array_column( $subscriptions, 'email' ) );
		self::assertSame(
			array( array( 'city' => 'your-city' ), array( 'city' => 'your-city' ) ),
			array_column( $subscriptions, 'properties' )
		);
		self::assertSame( array( true, false ), array_column( array_column( $subscriptions, 'consent' ), 'given' ) );
		self::assertSame(
			array( 'Yes, send me the newsletter.', 'And offers.' ),
			array_column( array_column( $subscriptions, 'consent' ), 'text' )
		);

		$this->gateway->then_lists( array( 'lst_1' => 'Newsletter', 'lst_2' => 'Offers' ) );
		$html = $this->panel( $form );
		self::assertSame(
			array( 'lst_2', 'offers' ),
			array( $this->chosen( $html, 'lists][1][list' ), $this->chosen( $html, 'lists][1][consent' ) )
		);
		self::assertStringContainsString(
			"join “Newsletter” once they confirm.\nPeople who tick “And offers.” get a confirmation email at [your-email]",
			$html
		);
	}

	public function test_more_lists_than_the_gateway_takes_are_cut_off(): void {
		$form = $this->create_form();

		$this->save( $form, array( 'lists' => array_fill( 0, 30, array( 'list' => 'lst_1' ) ) ) );

		self::assertCount( 20, $this->reload( $form )->subscriptions );
	}

	public function test_a_transactional_form_hands_over_and_subscribes_nobody_and_keeps_its_choices(): void {
		$this->gateway->then_lists();
		$form = $this->create_form();

		$this->save(
			$form,
			array(
				'enabled' => '1',
				'purpose' => 'transactional',
				'lists' => array( array( 'list' => 'lst_1', 'consent' => 'newsletter-1' ) ),
				'email' => 'your-email',
			)
		);
		$this->post(
			$form = WPCF7_ContactForm::get_instance( $form->id() ),
			array( 'your-name' => 'Ann', 'your-email' => 'ann@example.org', 'newsletter-1' => '1' )
		);

		self::assertSame( array(), $this->row()->submission['subscribe'] );
		self::assertSame( 'ann@example.org', $this->row()->submission['fields']['your-email'] );
		$html = $this->panel( $form );
		self::assertStringContainsString( '>Submissions are sent to the gateway. Nobody is subscribed, and nobody gets an email.<', $html );
		self::assertMatchesRegularExpression( '~value="transactional"\s+checked~', $html );
		self::assertSame( 'lst_1', $this->chosen( $html, 'lists][0][list' ) );
	}

	/** @dataProvider languages */
	public function test_the_language_is_that_of_the_page_or_a_fixed_one( string $choice, string $sent, string $said ): void {
		$this->gateway->then_lists();
		$form = $this->create_form();
		$this->save(
			$form,
			array(
				'enabled' => '1',
				'language' => $choice,
				'lists' => array( array( 'list' => 'lst_1', 'consent' => 'newsletter-1' ) ),
				'email' => 'your-email',
			)
		);

		$this->post(
			$form = WPCF7_ContactForm::get_instance( $form->id() ),
			array( 'your-name' => 'Ann', 'your-email' => 'ann@example.org' )
		);

		self::assertSame( $sent, $this->row()->submission['form']['locale'] );
		self::assertStringContainsString( "Language of the email: {$said}.", $this->panel( $form ) );
	}

	public function languages(): array {
		return array(
			'that of the page'         => array( '', 'en_US', 'the page’s language' ),
			'a fixed one'              => array( 'de', 'de', 'German' ),
			'one that nobody has'      => array( 'xx', 'en_US', 'the page’s language' ),
		);
	}

	public function test_a_list_that_is_gone_at_the_gateway_is_warned_about(): void {
		$this->gateway->then_lists( array( 'lst_7' => 'Another' ) );

		$html = $this->panel( $this->create_form() );

		self::assertStringContainsString( 'A mailing list that was chosen here no longer exists at the gateway.', $html );
		self::assertStringContainsString( 'nobody is subscribed yet: choose a mailing list.<', $html );
	}

	public function test_the_editor_learns_what_a_text_contains_before_it_is_saved(): void {
		$request = new WP_REST_Request( 'POST', '/gateway-connector/v1/form-fields' );
		$request->set_param(
			'form',
			'[text* your-name][[text no]][file cv][email mail][newsletter n "Yes & more"][acceptance a]I <b>agree</b>[/acceptance]'
		);

		$found = rest_do_request( $request )->get_data();

		self::assertEquals( (object) array( 'your-name' => '[your-name]', 'mail' => '[mail]' ), $found['fields'] );
		self::assertEquals( (object) array( 'n' => 'Yes & more', 'a' => 'I agree' ), $found['boxes'] );

		wp_set_current_user( 0 );
		self::assertSame( 401, rest_do_request( $request )->get_status() );
	}

	public function test_boxes_that_say_the_same_are_told_apart_by_their_names(): void {
		$this->gateway->then_lists();

		$menu = $this->menu(
			$this->panel( $this->create_form( self::FORM . '[newsletter two "Yes, send me the newsletter."][newsletter three "Other"]' ) ),
			'lists][0][consent'
		);

		foreach ( array( 'Yes, send me the newsletter. [newsletter-1]', 'Yes, send me the newsletter. [two]', 'Other' ) as $label ) {
			self::assertStringContainsString( ">{$label}<", $menu );
		}
	}

	public function test_the_box_to_copy_is_one_that_the_form_has_not_yet(): void {
		$this->gateway->then_lists();

		$html = $this->panel( $this->create_form() );

		self::assertStringContainsString( 'value="[newsletter newsletter-2 &quot;Yes, send me the newsletter.&quot;]"', $html );
		self::assertMatchesRegularExpression( '~class="code gateway-connector-code" readonly~', $html );
	}

	/** @dataProvider saves_of_others */
	public function test_saves_in_which_the_tab_was_not_posted_leave_the_settings_alone( array $post ): void {
		$form   = $this->create_form();
		$before = $this->reload( $form );
		$_POST  = $post;

		wpcf7_save_contact_form( array( 'id' => $form->id(), 'title' => 'Changed by another program' ) );

		self::assertSame( 'Changed by another program', WPCF7_ContactForm::get_instance( $form->id() )->title() );
		self::assertEquals( $before, $this->reload( $form ) );
	}

	public function saves_of_others(): array {
		return array(
			'REST'          => array( array() ),
			'another tab'   => array( array( 'wpcf7-form' => '[text x]' ) ),
			'a stale page'  => array(
				array( Form_Panel::MARKER => 'stale', Form_Panel::INPUT => array( 'lists' => array( array( 'list' => 'lst_9' ) ) ) ),
			),
			'without proof' => array( array( Form_Panel::INPUT => array( 'lists' => array( array( 'list' => 'lst_9' ) ) ) ) ),
		);
	}

	public function test_the_menus_offer_the_forms_own_fields_and_the_gateways_lists(): void {
		$this->gateway->then_lists( array( 'lst_1' => 'News & <b>more</b>' ) );

		$html = $this->panel(
			$this->create_form( self::FORM . '[file cv][quiz sum "1+1|2"][acceptance terms optional]Terms[/acceptance]' )
		);

		self::assertSame( array( '', 'your-name', 'your-email', 'your-city', 'topics' ), $this->options( $html, 'email' ) );
		self::assertSame( array( '', 'newsletter-1', 'terms' ), $this->options( $html, 'lists][0][consent' ) );
		self::assertSame( array( '', 'lst_1' ), $this->options( $html, 'lists][0][list' ) );
		self::assertStringContainsString( 'News &amp; &lt;b&gt;more', $html );
	}

	public function test_a_form_without_settings_gets_sensible_suggestions_and_is_off(): void {
		$this->gateway->then_lists();
		$form = $this->create_form();
		$form->set_properties( array( Form_Settings::PROPERTY => array() ) );

		$html = $this->panel( $form );

		self::assertSame(
			array( 'lst_1', 'your-email', 'your-name', 'newsletter-1' ),
			array(
				$this->chosen( $html, 'lists][0][list' ),
				$this->chosen( $html, 'email' ),
				$this->chosen( $html, 'name' ),
				$this->chosen( $html, 'lists][0][consent' ),
			)
		);
		self::assertStringContainsString( '>Nothing is sent to the gateway.', $html );
	}

	public function test_a_field_that_left_the_form_is_warned_about_and_not_lost(): void {
		$this->gateway->then_lists();
		$form = $this->create_form( "[email* mail]\n[submit]" );

		$html = $this->panel( $form );

		foreach ( array( 'your-email', 'your-name', 'your-city', 'newsletter-1' ) as $field ) {
			self::assertStringContainsString( "The field [{$field}] is used here but is no longer in the form.", $html );
		}
		self::assertSame( 'your-email', $this->chosen( $html, 'email' ) );
		self::assertStringContainsString( 'nobody is subscribed yet: choose the email field, the consent box.<', $html );
		self::assertStringContainsString( '⚠', $this->panels( $form )['gateway-connector-panel']['title'] );
	}

	public function test_a_form_in_order_has_no_warnings(): void {
		$this->gateway->then_lists();
		$form = $this->create_form();

		self::assertStringNotContainsString( 'notice-warning', $this->panel( $form ) );
		self::assertSame( 'Gateway', $this->panels( $form )['gateway-connector-panel']['title'] );
	}

	public function test_the_plugins_pages_name_the_form_whose_field_is_gone(): void {
		$form = $this->create_form( "[email* mail]\n[submit]" );
		$this->create_form();
		$lists = new Lists( new Gateway_Client( $this->settings ) );

		set_current_screen( 'gateway_page_gateway-connector-spool' );
		$warnings = self::output( array( new Form_Warnings( $lists ), 'print' ) );
		set_current_screen( 'dashboard' );

		self::assertSame( 1, substr_count( $warnings, 'Form “Contact”:' ) );
		self::assertStringContainsString( 'The field [your-email] is used here but is no longer in the form.', $warnings );
		self::assertStringContainsString( 'post=' . $form->id() . '&#038;active-tab=gateway-connector-panel', $warnings );
		self::assertSame( '', self::output( array( new Form_Warnings( $lists ), 'print' ) ), 'other pages are left alone' );
	}

	/** @dataProvider settings_that_stop_it */
	public function test_what_keeps_submissions_from_arriving_is_said( string $form, string $additional_settings, string $warning ): void {
		$this->gateway->then_lists();

		$html = $this->panel(
			$this->create_form( $form, array( 'consent' => 'agree', 'policy_url' => '' ) + self::SUBSCRIPTION, $additional_settings )
		);

		self::assertStringContainsString( $warning, $html );
	}

	public function settings_that_stop_it(): array {
		$form = self::FORM . '[acceptance agree optional]I agree[/acceptance]';
		return array(
			'demo mode'         => array( $form, 'demo_mode: on', 'demo mode' ),
			'do_not_store'      => array( $form, 'do_not_store: on', 'do_not_store' ),
			'a box without words' => array( self::FORM . '[acceptance agree optional]', '', 'The box [agree] has no text' ),
			'a policy nowhere'    => array(
				self::FORM . '[newsletter agree policy "Yes"]',
				'',
				'The box [agree] has no privacy policy to link to.',
			),
			'ticked in advance' => array(
				self::FORM . '[acceptance agree optional default:on]I agree[/acceptance]',
				'',
				'ticked in advance',
			),
		);
	}

	public function test_the_summary_says_what_a_submission_will_do(): void {
		$this->gateway->then_lists();

		self::assertStringContainsString(
			'>People who tick “Yes, send me the newsletter.” get a confirmation email at [your-email]'
				. ' and join “Newsletter” once they confirm.',
			$this->panel( $this->create_form() )
		);
		self::assertStringContainsString(
			'choose a mailing list, the consent box.<',
			$this->panel( $this->create_form( self::FORM, array( 'list' => '', 'consent' => '' ) + self::SUBSCRIPTION ) )
		);
	}

	public function test_the_chosen_list_survives_while_the_gateway_is_down(): void {
		$this->gateway->then( 503 );

		$html = $this->panel( $this->create_form() );

		self::assertSame( 'lst_1', $this->chosen( $html, 'lists][0][list' ) );
		self::assertStringNotContainsString( 'lst_1 (not found)', $html );
		self::assertStringContainsString( 'The gateway did not answer.', $html );
	}

	public function test_a_site_that_is_not_connected_is_told_so(): void {
		delete_option( Settings::KEY );

		self::assertStringContainsString( 'not connected to a gateway yet', $this->panel( $this->create_form() ) );
	}

	private function save( WPCF7_ContactForm $form, array $input ): void {
		$_POST = wp_slash( array( Form_Panel::MARKER => wp_create_nonce( Form_Panel::MARKER ), Form_Panel::INPUT => $input ) );
		wpcf7_save_contact_form( array( 'id' => $form->id() ) );
	}

	private function reload( WPCF7_ContactForm $form ): Form_Settings {
		return Form_Settings::of( WPCF7_ContactForm::get_instance( $form->id() ) );
	}

	private function panels( WPCF7_ContactForm $form ): array {
		WPCF7_ContactForm::get_instance( $form );
		return apply_filters( 'wpcf7_editor_panels', array() );
	}

	private function panel( WPCF7_ContactForm $form ): string {
		return self::output( fn() => $this->panels( $form )['gateway-connector-panel']['callback']( $form ) );
	}

	private function options( string $html, string $member ): array {
		preg_match_all( '/<option value="([^"]*)"/', $this->menu( $html, $member ), $found );
		return $found[1];
	}

	private function chosen( string $html, string $member ): string {
		return preg_match( '/<option value="([^"]*)"\s+selected/', $this->menu( $html, $member ), $found ) ? $found[1] : '';
	}

	private function menu( string $html, string $member ): string {
		self::assertSame(
			1,
			preg_match( '~<select[^>]+name="' . preg_quote( "gateway-connector[{$member}]", '~' ) . '".*?</select>~s', $html, $found )
		);
		return $found[0];
	}
}
