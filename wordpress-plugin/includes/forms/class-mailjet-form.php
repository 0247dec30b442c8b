<?php
/**
 * A form with the box of the Mailjet plugin.
 *
 * @package Gateway_Connector
 */

declare( strict_types=1 );

namespace Gateway_Connector;

use WPCF7_ContactForm;
use WPCF7_FormTag;

/**
 * Finds out what a form would become, shows it, and imports it.
 */
final class Mailjet_Form {

	public WPCF7_ContactForm $form;

	/**
	 * What people agree to.
	 */
	public string $wording;

	public Subscription $subscription;

	/**
	 * What the owner should know, in sentences.
	 *
	 * @var string[]
	 */
	public array $notes = array();

	/**
	 * Why the form is skipped; empty when it can be imported.
	 */
	public string $skip_reason = '';

	private WPCF7_FormTag $tag;

	private function __construct( WPCF7_ContactForm $form, WPCF7_FormTag $tag, Mailjet_Settings $mailjet ) {
		$this->form         = $form;
		$this->tag          = $tag;
		$this->wording      = trim( (string) ( $tag->values[0] ?? '' ) );
		$this->subscription = new Subscription();

		$this->subscription->consent    = $tag->name;
		$this->subscription->policy_url = get_privacy_policy_url();
		$this->find_address( $mailjet );
		$this->find_name( $mailjet );
		if ( $tag->has_option( 'default' ) && ! $tag->has_option( 'default:0' ) ) {
			$this->notes[] = __( 'The box was ticked in advance. It no longer will be: such consent is not valid.', 'gateway-connector' );
		}
		if ( Form_Settings::of( $form )->enabled ) {
			$this->skip_reason = __( 'This form is already connected to the gateway and stays as it is.', 'gateway-connector' );
		} elseif ( '' === $this->wording ) {
			$this->skip_reason = __( 'The box has no text, so a tick would prove nothing.', 'gateway-connector' );
		}
	}

	/**
	 * All forms with the box.
	 *
	 * @return self[]
	 */
	public static function all( Mailjet_Settings $mailjet ): array {
		$found = array();
		foreach ( WPCF7_ContactForm::find( array( 'posts_per_page' => -1 ) ) as $form ) {
			foreach ( $form->scan_form_tags( array( 'basetype' => array( 'checkbox', Newsletter_Tag::TYPE ) ) ) as $tag ) {
				if ( Mailjet_Settings::BOX === $tag->name ) {
					$found[] = new self( $form, $tag, $mailjet );
					break;
				}
			}
		}
		return $found;
	}

	/**
	 * Connects the form: the box becomes ours and keeps its name, so that the form's mails still work.
	 */
	public function import( string $gateway_list ): void {
		$this->subscription->list = $gateway_list;

		$text = preg_replace(
			'/\[checkbox\*?\s+' . preg_quote( Mailjet_Settings::BOX, '/' ) . '(?:\s[^\]]*)?\]/',
			addcslashes( $this->our_tag(), '\\$' ),
			(string) $this->form->prop( 'form' ),
			1
		);
		$this->form->set_properties( array( 'form' => $text ) );
		( new Form_Settings( true, array( $this->subscription ) ) )->put_into( $this->form );
		$this->form->save();
	}

	/**
	 * The box as our form-tag; its id and classes stay.
	 */
	public function our_tag(): string {
		$quote   = false === strpos( $this->wording, '"' ) ? '"' : "'";
		$options = preg_grep( '/^(id|class):/', $this->tag->options );
		return '[' . implode(
			' ',
			array_merge( array( Newsletter_Tag::TYPE, $this->tag->name ), $options, array( $quote . $this->wording . $quote ) )
		) . ']';
	}

	private function find_address( Mailjet_Settings $mailjet ): void {
		$emails = array_column( $this->form->scan_form_tags( array( 'basetype' => 'email' ) ), 'name' );

		$this->subscription->email = in_array( $mailjet->email, Form_Fields::texts( $this->form ), true )
			? $mailjet->email
			: (string) reset( $emails );
		if ( '' === $this->subscription->email ) {
			$this->skip_reason = __( 'This form has no field for an email address.', 'gateway-connector' );
		} elseif ( $this->subscription->email !== $mailjet->email ) {
			$this->notes[] = sprintf(
				/* translators: 1: name of a field that is missing, 2: name of the field that is taken instead */
				__(
					'This form has no field [%1$s], so the Mailjet plugin never subscribed anybody. [%2$s] is used instead.',
					'gateway-connector'
				),
				$mailjet->email,
				$this->subscription->email
			);
		}
	}

	/**
	 * The gateway takes one field as the name; the other parts of a name become properties, so that none is lost.
	 */
	private function find_name( Mailjet_Settings $mailjet ): void {
		$names = array_values( array_intersect( $mailjet->names, Form_Fields::texts( $this->form ) ) );

		$this->subscription->name = (string) array_shift( $names );
		$this->subscription->fill( Property_Names::rows( array_combine( $names, $names ) ) );
		foreach ( $names as $name ) {
			$this->notes[] = sprintf(
				/* translators: 1: the field that is the name, 2: a further field */
				__( '[%1$s] becomes the name, and [%2$s] a property.', 'gateway-connector' ),
				$this->subscription->name,
				$name
			);
		}
	}
}
