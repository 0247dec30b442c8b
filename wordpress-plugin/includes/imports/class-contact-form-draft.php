<?php
/**
 * A form of Contact Form 7 that is about to be connected.
 *
 * @package Gateway_Connector
 */

declare( strict_types=1 );

namespace Gateway_Connector;

use WPCF7_ContactForm;

/**
 * What a form of Contact Form 7 becomes when settings of another plugin are brought along, before anything is changed.
 */
final class Contact_Form_Draft {

	private WPCF7_ContactForm $form;

	private Subscription $subscription;

	/**
	 * The form's text, where it changes.
	 */
	private string $text = '';

	/**
	 * What the form becomes.
	 *
	 * @param WPCF7_ContactForm $form  The form.
	 * @param string            $email Name of the field with the address; empty to find one.
	 * @param string            $name  Name of the field with the name; may be empty.
	 * @param string            $box   Name of the box; empty when the form has none.
	 */
	public function __construct( WPCF7_ContactForm $form, string $email, string $name, string $box ) {
		$emails = array_column( $form->scan_form_tags( array( 'basetype' => 'email' ) ), 'name' );

		$this->form         = $form;
		$this->subscription = Subscription::from_array(
			array(
				'email'      => '' === $email ? (string) reset( $emails ) : $email,
				'name'       => $name,
				'consent'    => $box,
				'policy_url' => get_privacy_policy_url(),
			)
		);
	}

	/**
	 * Fills properties from fields.
	 *
	 * @param array<string,string> $fields Names of fields by the name of the property.
	 */
	public function set_properties( array $fields ): void {
		$this->subscription->fill( Property_Names::rows( $fields ) );
	}

	/**
	 * Changes the form's text, too.
	 */
	public function set_text( string $text ): void {
		$this->text = $text;
	}

	/**
	 * The item for the preview. It is skipped when nobody could be subscribed.
	 *
	 * @param string $wording What people agree to by the box.
	 */
	public function item( string $wording ): Import_Item {
		$tag  = static fn( string $name ): string => '' === $name ? '—' : "[{$name}]";
		$item = new Import_Item( (string) $this->form->title(), admin_url( 'admin.php?page=wpcf7&post=' . (int) $this->form->id() ) );

		$item->facts = array(
			__( 'Email field', 'gateway-connector' ) => $tag( $this->subscription->email ),
			__( 'Name field', 'gateway-connector' )  => $tag( $this->subscription->name ),
			__( 'Consent box', 'gateway-connector' ) => $wording,
		);
		foreach ( $this->subscription->properties as $property => $field ) {
			$item->facts[ (string) $property ] = $tag( $field );
		}
		$item->skip_reason = $this->skip_reason( $wording );
		return $item;
	}

	/**
	 * Connects the form with these lists.
	 *
	 * @param string[] $lists Ids of the gateway's lists.
	 */
	public function connect( array $lists ): void {
		$subscriptions = array();
		foreach ( array_unique( $lists ) as $list ) {
			$one             = clone $this->subscription;
			$one->list       = $list;
			$subscriptions[] = $one;
		}
		if ( '' !== $this->text ) {
			$this->form->set_properties( array( 'form' => $this->text ) );
		}
		( new Form_Settings( true, $subscriptions ) )->put_into( $this->form );
		$this->form->save();
	}

	private function skip_reason( string $wording ): string {
		if ( Form_Settings::of( $this->form )->enabled ) {
			return __( 'This form is already connected to the gateway and stays as it is.', 'gateway-connector' );
		}
		if ( '' === $this->subscription->email ) {
			return __( 'This form has no field for an email address.', 'gateway-connector' );
		}
		if ( '' === $this->subscription->consent ) {
			return __(
				'The form has no box that is the consent. Add one in the form’s tab “Gateway”, and come back to this page.',
				'gateway-connector'
			);
		}
		return '' === $wording ? __( 'The box has no text, so a tick would prove nothing.', 'gateway-connector' ) : '';
	}
}
